import { emptyItem } from "../model/attribute-value.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import { ServiceError } from "../model/errors.ts";
import {
  emptyPlaceholderName,
  emptyPlaceholders,
  invalidPlaceholder,
  invalidPlaceholderValue,
} from "../model/messages/expressions.ts";
import type { Wording } from "../model/wording.ts";
import { checkOlderOperand, checkValue } from "../values/check.ts";
import type { Placeholders } from "./scope.ts";

interface Given {
  readonly names?: Placeholders["names"] | undefined;
  readonly values?: Placeholders["values"] | undefined;
}

/** What a request's placeholders stand for, checked; where it has none, none. */
export function readPlaceholders({ names, values }: Given, wording: Wording): Placeholders {
  if (names !== undefined) checkNames(names);
  return { names: names ?? {}, values: values === undefined ? {} : checkedValues(values, wording) };
}

function checkNames(names: Placeholders["names"]): void {
  const keys = Object.keys(names);
  if (keys.length === 0) throw emptyPlaceholders("ExpressionAttributeNames");
  for (const key of keys) {
    if (!isPlaceholderKey("#", key)) throw invalidPlaceholder("ExpressionAttributeNames", key);
  }
  for (const key of keys) if (names[key] === "") throw emptyPlaceholderName(key);
}

function checkedValues(values: Placeholders["values"], wording: Wording): Placeholders["values"] {
  const keys = Object.keys(values);
  if (keys.length === 0) throw emptyPlaceholders("ExpressionAttributeValues");
  for (const key of keys) {
    if (!isPlaceholderKey(":", key)) throw invalidPlaceholder("ExpressionAttributeValues", key);
  }
  let changed: Record<string, AttributeValue> | undefined;
  for (const key of keys) {
    const value = values[key];
    if (value === undefined) continue;
    const checked = wording === "older" ? checkedOlder(value, key) : checkValue(value, wording);
    if (checked === value) continue;
    changed ??= Object.assign(emptyItem(), values);
    changed[key] = checked;
  }
  return changed ?? values;
}

function checkedOlder(value: AttributeValue, key: string): AttributeValue {
  try {
    return checkOlderOperand(value);
  } catch (error) {
    throw error instanceof ServiceError ? invalidPlaceholderValue(error, key) : error;
  }
}

/** Whether `key` is the sigil and then ASCII letters, digits and underscores. */
function isPlaceholderKey(sigil: "#" | ":", key: string): boolean {
  if (!key.startsWith(sigil) || key.length === 1) return false;
  for (let index = 1; index < key.length; index++) {
    if (!isWordUnit(key.charCodeAt(index))) return false;
  }
  return true;
}

function isWordUnit(unit: number): boolean {
  const isDigit = unit >= 48 && unit <= 57;
  const isCapital = unit >= 65 && unit <= 90;
  const isSmall = unit >= 97 && unit <= 122;
  return isDigit || isCapital || isSmall || unit === 95;
}
