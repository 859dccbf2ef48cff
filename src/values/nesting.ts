import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { invalid, type ServiceError } from "../model/errors.ts";
import { nestingTooDeep } from "../model/messages/values.ts";
import { nestingLevelsMax } from "./limits.ts";

/** Refuses an item that an update has made too deep. What a request holds is refused sooner, by `checkItem`. */
export function checkNesting(item: Item, tooDeep: () => ServiceError = itemTooDeep): void {
  for (const name in item) {
    if (reachesBelow(item[name], nestingLevelsMax)) throw tooDeep();
  }
}

function itemTooDeep(): ServiceError {
  return invalid(nestingTooDeep());
}

/** Whether `value` holds a value more than `levels` levels down, itself being the first. */
function reachesBelow(value: AttributeValue | undefined, levels: number): boolean {
  if (value === undefined) return false;
  if (levels === 0) return true;
  if (value.L !== undefined) return value.L.some((element) => reachesBelow(element, levels - 1));
  const map = value.M;
  if (map === undefined) return false;
  return Object.keys(map).some((name) => reachesBelow(map[name], levels - 1));
}
