/** The most that an on-demand table, or an index of one, may be asked to do. Refusals name the index. */
import {
  onDemandLimitAboveMaximum,
  onDemandLimitOutOfRange,
  type ReadOrWrite,
} from "../../model/messages/throughput.ts";
import type { OnDemandThroughput } from "../../model/types.generated.ts";
import { tableUnitsMax } from "./quotas.ts";

/** On UpdateTable, this lifts a limit. */
const noLimit = -1;

/** Refuses limits that are none. `lift` says whether a limit may be lifted, as only UpdateTable does. */
export function checkOnDemandThroughput(limits: OnDemandThroughput, lift: boolean, index?: string): void {
  for (const [kind, units] of limitsOf(limits)) {
    if (units < 1 && !(lift && units === noLimit)) throw onDemandLimitOutOfRange(kind, index);
  }
}

export function checkOnDemandQuota(limits: OnDemandThroughput, region: string, index?: string): void {
  for (const [kind, units] of limitsOf(limits)) {
    if (units > tableUnitsMax) throw onDemandLimitAboveMaximum(kind, region, index);
  }
}

/** The limit that a refusal of the whole names: the first one given, or undefined where none is. */
export function firstLimit(limits: OnDemandThroughput | undefined): ReadOrWrite | undefined {
  return limits === undefined ? undefined : limitsOf(limits)[0]?.[0];
}

/** A change names only the limits it changes. */
export function mergeLimits(
  before: OnDemandThroughput | undefined,
  change: OnDemandThroughput,
): OnDemandThroughput {
  return {
    ...before,
    ...Object.fromEntries(Object.entries(change).filter(([, units]) => units !== undefined)),
  };
}

/** Without the limits that are lifted; undefined when none is left. */
export function keptLimits(limits: OnDemandThroughput): OnDemandThroughput | undefined {
  const { MaxReadRequestUnits: read, MaxWriteRequestUnits: write } = limits;
  const kept = {
    ...(read === undefined || read === noLimit ? {} : { MaxReadRequestUnits: read }),
    ...(write === undefined || write === noLimit ? {} : { MaxWriteRequestUnits: write }),
  };
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function limitsOf({
  MaxReadRequestUnits,
  MaxWriteRequestUnits,
}: OnDemandThroughput): [ReadOrWrite, number][] {
  const limits: [ReadOrWrite, number][] = [];
  if (MaxReadRequestUnits !== undefined) limits.push(["Read", MaxReadRequestUnits]);
  if (MaxWriteRequestUnits !== undefined) limits.push(["Write", MaxWriteRequestUnits]);
  return limits;
}
