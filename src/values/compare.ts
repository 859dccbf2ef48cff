import { compareBase64 } from "../base/base64.ts";
import { compareUtf8 } from "../base/text.ts";
import { attributeOf } from "../model/attribute-value.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { compareNumbers } from "./number.ts";

/** Orders two checked values of one type among S, N and B; undefined for all others, which have no order. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined) return right.S === undefined ? undefined : compareUtf8(left.S, right.S);
  if (left.N !== undefined) return right.N === undefined ? undefined : compareNumbers(left.N, right.N);
  if (left.B !== undefined) return right.B === undefined ? undefined : compareBase64(left.B, right.B);
  return undefined;
}

/**
 * Whether two checked values are the same: of one type, sets in any order, lists in order, maps by content. Checked
 * texts, numbers and bytes have one spelling each, so that equal ones are equal strings.
 */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if (left.S !== undefined) return left.S === right.S;
  if (left.N !== undefined) return left.N === right.N;
  if (left.B !== undefined) return left.B === right.B;
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.NULL !== undefined) return left.NULL === right.NULL;
  if (left.M !== undefined) return right.M !== undefined && equalMaps(left.M, right.M);
  if (left.L !== undefined) return right.L !== undefined && equalLists(left.L, right.L);
  if (left.SS !== undefined) return right.SS !== undefined && equalSets(left.SS, right.SS);
  if (left.NS !== undefined) return right.NS !== undefined && equalSets(left.NS, right.NS);
  return right.BS !== undefined && equalSets(left.BS, right.BS);
}

function equalMaps(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    const leftValue = attributeOf(left, name);
    const rightValue = attributeOf(right, name);
    return leftValue !== undefined && rightValue !== undefined && equalValues(leftValue, rightValue);
  });
}

function equalLists(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((value, index) => {
    const other = right[index];
    return other !== undefined && equalValues(value, other);
  });
}

function equalSets(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  const members = new Set(left);
  return right.every((member) => members.has(member));
}
