/**
 * How what holds other values is read: members, entries and elements one after the other. The whole is copied from
 * the first one on that has to be changed, and not at all when there is none.
 */
import { emptyItem } from "../attribute-value.ts";
import type { JsonObject } from "./json.ts";

/** How deep attribute values lie in each other: in the one just being read, and the deepest so far. */
export interface Nesting {
  level: number;
  deepest: number;
}

/** Reads one value: gives it back as the service understands it, or throws a SerializationException. */
export type Reader = (value: unknown, nesting: Nesting) => unknown;

/** How one element of a collection is read, and what stands for one that is null. */
export interface ElementReader {
  readonly read: Reader;
  readonly absent: unknown;
}

/** Reads the members that are known, and drops the others. */
export function readMembers(
  value: JsonObject,
  readers: ReadonlyMap<string, Reader>,
  nesting: Nesting,
): JsonObject {
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const before = value[name];
    const read = readers.get(name);
    const after = read === undefined || isAbsent(before) ? undefined : read(before, nesting);
    if (copy === undefined && (after !== before || after === undefined))
      copy = membersBefore(name, value, {});
    if (copy !== undefined && after !== undefined) copy[name] = after;
  }
  return copy ?? value;
}

/** Reads the values of a map, whatever its keys are. */
export function readEntries(
  value: JsonObject,
  { read, absent }: ElementReader,
  nesting: Nesting,
): JsonObject {
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const before = value[key];
    const after = isAbsent(before) ? absent : read(before, nesting);
    if (copy === undefined && after !== before) copy = membersBefore(key, value, emptyItem());
    if (copy !== undefined && after !== undefined) copy[key] = after;
  }
  return copy ?? value;
}

/** Reads the elements of a list. */
export function readElements(
  value: readonly unknown[],
  { read, absent }: ElementReader,
  nesting: Nesting,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const before = value[index];
    const after = isAbsent(before) ? absent : read(before, nesting);
    if (copy === undefined && after !== before) copy = value.slice(0, index);
    if (copy !== undefined && after !== undefined) copy.push(after);
  }
  return copy ?? value;
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function membersBefore(
  last: string,
  source: JsonObject,
  target: Record<string, unknown>,
): Record<string, unknown> {
  for (const name in source) {
    if (name === last) break;
    target[name] = source[name];
  }
  return target;
}
