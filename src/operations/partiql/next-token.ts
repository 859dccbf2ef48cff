/**
 * `NextToken`: where the next page of a statement starts. It says all there is to know, so that any server can go on
 * after any restart, and is bound to the text and the parameters of its statement.
 */
import { hash } from "node:crypto";
import { attributeOf, emptyItem, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import { foreignToken, unreadableToken } from "../../model/messages/statements.ts";
import type { ParameterizedStatement } from "../../model/types.generated.ts";
import { extentCovers } from "../../store/extent.ts";
import { entryKeyAttributes } from "../../store/key-attributes.ts";
import type { KeyAttribute } from "../../store/table.ts";
import { checkItem } from "../../values/check.ts";
import { checkStartKey } from "../pages/start-key.ts";
import type { Position } from "./select-page.ts";
import type { SelectPlan } from "./select-plan.ts";

type Statement = Pick<ParameterizedStatement, "Statement" | "Parameters">;

export function encodeToken(
  statement: Statement,
  { source: { table, index } }: SelectPlan,
  next: Position,
): string {
  const { part, after } = next;
  const attributes = after === undefined ? [] : entryKeyAttributes(table, index);
  const values = attributes.map(({ name, type }) => after && attributeOf(after, name)?.[type]);
  return Buffer.from(JSON.stringify([bindingOf(statement), part, ...values])).toString("base64");
}

/** Where the page begins that `token` asks for. Whatever a client may have made of it, it names a place in the plan. */
export function decodeToken(token: string, statement: Statement, plan: SelectPlan): Position {
  const [binding, part, ...values] = partsOf(token);
  if (binding !== bindingOf(statement)) throw foreignToken();
  const position = positionAt(plan, part, values);
  if (position === undefined) throw foreignToken();
  return position;
}

function bindingOf({ Statement: text, Parameters: parameters }: Statement): string {
  return hash("sha256", JSON.stringify([text, parameters ?? []]), "base64");
}

function partsOf(token: string): readonly unknown[] {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(token, "base64").toString());
  } catch {
    throw unreadableToken();
  }
  if (!Array.isArray(decoded)) throw unreadableToken();
  return decoded;
}

function positionAt(plan: SelectPlan, part: unknown, values: readonly unknown[]): Position | undefined {
  const { source, reads } = plan;
  const parts: readonly unknown[] = reads.kind === "keys" ? reads.keys : reads.extents;
  if (typeof part !== "number" || parts[part] === undefined) return undefined;
  if (values.length === 0) return { part };
  const extent = reads.kind === "keys" ? undefined : reads.extents[part];
  const after = keyOf(entryKeyAttributes(source.table, source.index), values);
  if (extent === undefined || after === undefined) return undefined;
  try {
    const key = checkItem(after, "current");
    checkStartKey(source, key, "current");
    return extentCovers(source, extent, key) ? { part, after: key } : undefined;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function keyOf(attributes: readonly KeyAttribute[], values: readonly unknown[]): Item | undefined {
  if (values.length !== attributes.length) return undefined;
  const key = emptyItem();
  for (const [at, { name, type }] of attributes.entries()) {
    const value = values[at];
    if (typeof value !== "string") return undefined;
    key[name] = valueOf(type, value);
  }
  return key;
}

function valueOf(type: KeyAttribute["type"], text: string): AttributeValue {
  switch (type) {
    case "S":
      return { S: text };
    case "N":
      return { N: text };
    case "B":
      return { B: text };
  }
}
