/** What several conditions on a sort key leave of it: everything between two cuts through the order of its values. */
import { assert, unreachable } from "../../base/assert.ts";
import type { AttributeValue } from "../../model/attribute-value.ts";
import { compareValues } from "../../values/compare.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import { beginsWith } from "../substance.ts";

/** Either end is open where it is undefined. */
export interface SortInterval {
  readonly low?: Cut | undefined;
  readonly high?: Cut | undefined;
}

/** A place between values: just before or after `value`, or after the last that begins with it. */
export interface Cut {
  readonly value: AttributeValue;
  readonly at: "before" | "after" | "after beginnings";
}

/** An interval as one condition can say it, which may be wider. */
export interface SpokenInterval {
  readonly condition?: SortKeyCondition | undefined;
  readonly isExact: boolean;
}

export function intervalOf(condition: SortKeyCondition): SortInterval {
  switch (condition.operator) {
    case "=":
      return { low: before(condition.value), high: after(condition.value) };
    case "<":
      return { high: before(condition.value) };
    case "<=":
      return { high: after(condition.value) };
    case ">":
      return { low: after(condition.value) };
    case ">=":
      return { low: before(condition.value) };
    case "between":
      return { low: before(condition.low), high: after(condition.high) };
    case "begins_with":
      return { low: before(condition.prefix), high: { value: condition.prefix, at: "after beginnings" } };
    default:
      return unreachable(condition);
  }
}

/** What lies in both; undefined where nothing does. */
export function intersection(one: SortInterval, two: SortInterval): SortInterval | undefined {
  const low = compareLows(one, two) >= 0 ? one.low : two.low;
  const high = compareHighs(one, two) <= 0 ? one.high : two.high;
  return low !== undefined && high !== undefined && compareCuts(low, high) >= 0 ? undefined : { low, high };
}

/** Orders intervals by where they start. */
export function compareLows({ low: one }: SortInterval, { low: two }: SortInterval): number {
  if (one === undefined || two === undefined) return Number(one !== undefined) - Number(two !== undefined);
  return compareCuts(one, two);
}

export function spokenInterval({ low, high }: SortInterval): SpokenInterval {
  if (low === undefined) return high === undefined ? { isExact: true } : spokenHigh(high);
  if (high === undefined) {
    return { condition: { operator: low.at === "before" ? ">=" : ">", value: low.value }, isExact: true };
  }
  if (high.at === "after beginnings") {
    const isExact = low.at === "before" && compareValues(low.value, high.value) === 0;
    return { condition: { operator: "begins_with", prefix: high.value }, isExact };
  }
  const isExact = low.at === "before" && high.at === "after";
  if (isExact && compareValues(low.value, high.value) === 0) {
    return { condition: { operator: "=", value: low.value }, isExact };
  }
  return { condition: { operator: "between", low: low.value, high: high.value }, isExact };
}

function spokenHigh({ value, at }: Cut): SpokenInterval {
  assert(at !== "after beginnings", "what begins with a value starts there, too");
  return { condition: { operator: at === "after" ? "<=" : "<", value }, isExact: true };
}

function compareHighs({ high: one }: SortInterval, { high: two }: SortInterval): number {
  if (one === undefined || two === undefined) return Number(one === undefined) - Number(two === undefined);
  return compareCuts(one, two);
}

/** Both cuts go through values of one type. */
function compareCuts(one: Cut, two: Cut): number {
  if (one.at === "after beginnings" && beginsWith(two.value, one.value)) {
    return two.at === "after beginnings" && beginsWith(one.value, two.value) ? 0 : 1;
  }
  if (two.at === "after beginnings" && beginsWith(one.value, two.value)) return -1;
  const order = compareValues(one.value, two.value);
  assert(order !== undefined, "conditions on a key are of its type");
  return order === 0 ? Number(one.at === "after") - Number(two.at === "after") : order;
}

function before(value: AttributeValue): Cut {
  return { value, at: "before" };
}

function after(value: AttributeValue): Cut {
  return { value, at: "after" };
}
