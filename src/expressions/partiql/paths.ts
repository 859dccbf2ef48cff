import { pathTooDeep } from "../../model/messages/expressions.ts";
import { listIndexOutOfRange, unexpectedPathComponent } from "../../model/messages/partiql.ts";
import type { Path, Step } from "../ast.ts";
import { listIndexMax, pathStepsMax } from "../limits.ts";
import { positionOf, type Place } from "./lexer.ts";
import type { Expression, PathStep } from "./syntax.ts";

/** The path that `expression` is; refuses all that is none. */
export function pathOf(expression: Expression, text: string): Path {
  if (expression.kind === "name") return [expression.name];
  if (expression.kind !== "path" || expression.root.kind !== "name") {
    throw unexpected(text, expression.place);
  }
  const path: Step[] = [expression.root.name];
  for (const step of expression.steps) path.push(stepOf(step, text));
  if (path.length > pathStepsMax) throw pathTooDeep("Statement", path.length);
  return path;
}

/** Whether `expression` is written as a path. */
export function isPath({ kind }: Expression): boolean {
  return kind === "name" || kind === "path";
}

/** Names may stand in brackets, too, as texts. */
function stepOf(step: PathStep, text: string): Step {
  if (step.kind === "member") return step.name;
  if (step.kind === "star") throw unexpected(text, step.place);
  if (step.index.kind === "string") return step.index.text;
  if (step.index.kind !== "number" || !/^-?\d+$/.test(step.index.text)) {
    throw unexpected(text, step.index.place);
  }
  const index = Number(step.index.text);
  if (index >= 0 && index <= listIndexMax) return index === 0 ? 0 : index;
  throw listIndexOutOfRange(step.index.text, positionOf(text, step.index.place));
}

function unexpected(text: string, place: Place): Error {
  return unexpectedPathComponent(positionOf(text, place));
}
