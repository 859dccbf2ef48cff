import { canonicalBase64, compareBase64 } from "../base/base64.ts";
import { mapChanged } from "../base/list.ts";
import { compareUtf8, wellFormed } from "../base/text.ts";
import {
  duplicateBinaries,
  duplicateNumbers,
  duplicateStrings,
  emptyBinarySet,
  emptyNumberSet,
  emptyStringSet,
} from "../model/messages/values.ts";
import type { Wording } from "../model/wording.ts";
import { canonicalNumber } from "./number.ts";

/** The members of a string set as they are kept; refuses none and duplicates. */
export function checkStringSet(members: readonly string[], wording: Wording): readonly string[] {
  if (members.length === 0) throw emptyStringSet();
  const checked = mapChanged(members, wellFormed);
  if (areDistinct(checked)) return checked;
  throw duplicateStrings(listed(checked, wording, compareUtf8), wording);
}

/** The members of a number set as they are kept; refuses none, bad numbers, and numbers that are equal. */
export function checkNumberSet(members: readonly string[], wording: Wording): readonly string[] {
  if (members.length === 0) throw emptyNumberSet();
  const checked = mapChanged(members, (member) => canonicalNumber(member, wording));
  if (areDistinct(checked)) return checked;
  throw duplicateNumbers(wording);
}

/** The members of a binary set as they are kept; refuses none and duplicates. */
export function checkBinarySet(members: readonly string[], wording: Wording): readonly string[] {
  if (members.length === 0) throw emptyBinarySet();
  const checked = mapChanged(members, canonicalBase64);
  if (areDistinct(checked)) return checked;
  throw duplicateBinaries(listed(checked, wording, compareBase64), wording);
}

/** Members have one spelling each, so that equal ones are equal strings. */
function areDistinct(members: readonly string[]): boolean {
  return members.length === 1 || new Set(members).size === members.length;
}

type Compare = (left: string, right: string) => number;

/** The newer texts list the members up to the first repeat in the order of their bytes, and the rest as sent. */
function listed(members: readonly string[], wording: Wording, compare: Compare): readonly string[] {
  if (wording === "older") return members;
  const repeat = firstRepeat(members);
  return [...members.slice(0, repeat).sort(compare), ...members.slice(repeat)];
}

function firstRepeat(members: readonly string[]): number {
  const seen = new Set<string>();
  return members.findIndex((member) => seen.size === seen.add(member).size);
}
