import { unreachable } from "../base/assert.ts";
import { base64Size } from "../base/base64.ts";
import { utf8Size } from "../base/text.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { numberSize } from "./number.ts";

/** What a list or map costs beside what it holds, and what it costs for each thing it holds. */
const documentBytes = 3;
const elementBytes = 1;

/** The bytes the service counts for a whole item: what its limits and its capacity are measured in. */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += utf8Size(name) + memberSize(item[name]);
  return bytes;
}

/** The bytes the service counts for a checked value, without the name of its attribute. */
export function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return utf8Size(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.M !== undefined) return mapSize(value.M);
  if (value.L !== undefined) return listSize(value.L);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.B !== undefined) return base64Size(value.B);
  if (value.SS !== undefined) return totalSize(value.SS, utf8Size);
  if (value.NS !== undefined) return totalSize(value.NS, numberSize);
  if (value.BS !== undefined) return totalSize(value.BS, base64Size);
  return unreachable(value);
}

function mapSize(map: Item): number {
  let bytes = documentBytes;
  for (const name in map) bytes += elementBytes + utf8Size(name) + memberSize(map[name]);
  return bytes;
}

function listSize(list: readonly AttributeValue[]): number {
  let bytes = documentBytes;
  for (const value of list) bytes += elementBytes + valueSize(value);
  return bytes;
}

function memberSize(value: AttributeValue | undefined): number {
  return value === undefined ? 0 : valueSize(value);
}

function totalSize(members: readonly string[], sizeOf: (member: string) => number): number {
  let bytes = 0;
  for (const member of members) bytes += sizeOf(member);
  return bytes;
}
