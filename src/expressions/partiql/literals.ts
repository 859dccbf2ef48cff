import { wellFormed } from "../../base/text.ts";
import { emptyItem } from "../../model/attribute-value.ts";
import type { AttributeValue } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import {
  emptyBag,
  invalidLiteral,
  literalTooDeep,
  mixedBag,
  repeatedNumbers,
  unsupportedData,
} from "../../model/messages/partiql.ts";
import { nestingLevelsMax } from "../../values/limits.ts";
import { canonicalNumber } from "../../values/number.ts";
import { checkStringSet } from "../../values/set.ts";
import { positionOf } from "./lexer.ts";
import { operationOf } from "./operation-name.ts";
import type { Expression, StructMember } from "./syntax.ts";

/** Whether `expression` is written as a value: what is in it may still be none. */
export function isLiteral({ kind }: Expression): boolean {
  return literalKinds.has(kind);
}

const literalKinds: ReadonlySet<Expression["kind"]> = new Set([
  "string",
  "number",
  "true",
  "false",
  "null",
  "list",
  "bag",
  "struct",
] as const);

/** The value that `expression` writes; refuses whatever is not known before the statement is executed. */
export function literalValue(expression: Expression, text: string): AttributeValue {
  return new LiteralReader(text).value(expression, "root", 1);
}

class LiteralReader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(expression: Expression, path: string, level: number): AttributeValue {
    if (level > nestingLevelsMax) throw literalTooDeep(path);
    if (expression.kind === "string") return { S: wellFormed(expression.text) };
    if (expression.kind === "number") return { N: numberAt(expression.text, path) };
    if (expression.kind === "bag") return setOf(expression.elements, path);
    if (expression.kind === "list") return { L: this.#elements(expression.elements, path, level + 1) };
    if (expression.kind === "struct") return { M: this.#members(expression.members, path, level + 1) };
    const constant = constants[expression.kind];
    if (constant === undefined) throw this.#unsupported(expression, path);
    return constant;
  }

  #elements(elements: readonly Expression[], path: string, level: number): AttributeValue[] {
    return elements.map((element, index) => this.value(element, `${path}[${index}]`, level));
  }

  #members(members: readonly StructMember[], path: string, level: number): Record<string, AttributeValue> {
    const map = emptyItem();
    for (const { name, value } of members) {
      if (name.kind !== "string") throw this.#unsupported(name, path);
      map[wellFormed(name.text)] = this.value(value, `${path}.${name.text}`, level);
    }
    return map;
  }

  #unsupported(expression: Expression, path: string): ServiceError {
    const kind = expression.kind === "call" ? expression.name : operationOf(expression);
    return unsupportedData(kind, path, positionOf(this.#text, expression.place));
  }
}

const constants: Readonly<Partial<Record<Expression["kind"], AttributeValue>>> = {
  true: { BOOL: true },
  false: { BOOL: false },
  null: { NULL: true },
};

function numberAt(text: string, path: string): string {
  try {
    return canonicalNumber(text, "older");
  } catch (error) {
    throw error instanceof ServiceError ? invalidLiteral(error, path) : error;
  }
}

function setOf(elements: readonly Expression[], path: string): AttributeValue {
  const [first] = elements;
  if (first === undefined) throw emptyBag();
  if (first.kind === "string")
    return { SS: checkStringSet(textsOf(elements, "string").map(wellFormed), "older") };
  const texts = textsOf(elements, "number");
  const numbers = texts.map((text) => numberAt(text, path));
  if (new Set(numbers).size < numbers.length) throw repeatedNumbers(texts, path);
  return { NS: numbers };
}

function textsOf(elements: readonly Expression[], kind: "string" | "number"): string[] {
  return elements.map((element) => {
    if (element.kind !== kind) throw mixedBag();
    return element.text;
  });
}
