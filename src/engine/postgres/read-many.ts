import { bufferOf } from "../../base/bytes.ts";
import { byteaArray, nameOf } from "./bytea.ts";
import type { Rows, Statement } from "./connections/connections.ts";
import type { Statements } from "./statements.ts";

/** The values of `keys`, in their order. */
export async function readMany(
  keys: readonly Uint8Array[],
  { get, getMany }: Pick<Statements, "get" | "getMany">,
  send: (statement: Statement, values: readonly unknown[]) => Promise<Rows>,
): Promise<readonly (Uint8Array | undefined)[]> {
  const [first] = keys;
  if (first === undefined) return [];
  if (keys.length === 1) {
    const { rows } = await send(get, [bufferOf(first)]);
    return [bytesIn(rows[0]?.[0])];
  }
  const found = valuesByName(await send(getMany, [byteaArray(keys)]));
  return keys.map((key) => found.get(nameOf(key)));
}

/** The rows of statements that answer keys and values. */
export function valuesByName({ rows }: Rows): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  for (const [key, value] of rows) {
    if (key instanceof Uint8Array && value instanceof Uint8Array) values.set(nameOf(key), value);
  }
  return values;
}

/** A value that may be NULL: no row is seen by others that holds none, but it counts as absent. */
export function bytesIn(column: unknown): Uint8Array | undefined {
  return column instanceof Uint8Array ? column : undefined;
}
