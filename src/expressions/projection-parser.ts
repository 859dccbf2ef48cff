import type { Parsed, ProjectionTree } from "./ast.ts";
import { Reader } from "./reader.ts";

const keywords: ReadonlySet<string> = new Set();

export function parseProjection(text: string): Parsed<ProjectionTree> {
  const reader = new Reader("ProjectionExpression", text, keywords);
  return reader.finish(reader.list(() => reader.path()));
}
