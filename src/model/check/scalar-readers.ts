import {
  notBase64Text,
  notBoolean,
  notConvertible,
  unexpectedArray,
  unexpectedObject,
} from "../messages/requests.ts";
import type { ScalarType } from "../shape.ts";
import { base64Fault } from "./base64.ts";
import { javaScalarTypes } from "./java-type.ts";

/** Reads one scalar: gives it back as the service understands it, or throws a SerializationException. */
export type ScalarReader = (value: unknown) => unknown;

/** How each type of scalar is read. Nulls never come here. */
export const scalarReaders: Readonly<Record<ScalarType, ScalarReader>> = {
  string: (value) => (typeof value === "string" ? value : refuse(value, "string")),
  blob: readBlob,
  boolean: readBoolean,
  integer: (value) => (typeof value === "number" ? floor(value, integerBound) : refuse(value, "integer")),
  long: (value) => (typeof value === "number" ? floor(value, longBound) : refuse(value, "long")),
  double: (value) => (typeof value === "number" ? value : refuse(value, "double")),
  timestamp: (value) => (typeof value === "number" ? value : refuse(value, "timestamp")),
};

/** Java's integers: beyond them a number becomes the greatest or the least. */
const integerBound = 2 ** 31;
const longBound = 2 ** 63;

function floor(value: number, bound: number): number {
  const whole = Math.floor(value);
  return whole >= bound ? bound - 1 : Math.max(whole, -bound);
}

function readBlob(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") throw notBase64Text();
  if (typeof value !== "string") return refuse(value, "blob");
  const fault = base64Fault(value);
  if (fault !== undefined) throw fault;
  return value;
}

function readBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return refuse(value, "boolean");
  switch (value.toLowerCase()) {
    case "true":
    case "1":
    case "yes":
      return true;
    case "false":
    case "0":
    case "no":
      return false;
    default:
      throw notBoolean();
  }
}

function refuse(value: unknown, type: ScalarType): never {
  const javaClass = javaScalarTypes[type];
  if (Array.isArray(value)) throw unexpectedArray(`class ${javaClass}`);
  if (typeof value === "object") throw unexpectedObject();
  throw notConvertible(tokenOf(value), javaClass.slice(javaClass.lastIndexOf(".") + 1));
}

/** The service's word for what was sent. */
function tokenOf(value: unknown): string {
  if (typeof value === "string") return "STRING_VALUE";
  if (typeof value === "number") return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  return value === true ? "TRUE_VALUE" : "FALSE_VALUE";
}
