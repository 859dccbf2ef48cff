import { assert } from "../../base/assert.ts";

/** An object of a request. Names that a client chose may be those of every object: read only the object's own. */
export interface JsonObject {
  readonly [name: string]: unknown;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** What the first pass over a request has found to be an object. */
export function objectOf(value: unknown): JsonObject {
  assert(isObject(value), "the request has an object here");
  return value;
}

/** What the first pass over a request has found to be a list. */
export function listOf(value: unknown): readonly unknown[] {
  assert(isList(value), "the request has a list here");
  return value;
}

/** What the first pass over a request has found to be a text. */
export function textOf(value: unknown): string {
  assert(typeof value === "string", "the request has a text here");
  return value;
}
