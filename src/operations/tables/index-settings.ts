/** Changes of what a global index is able to do. */
import { onDemandIndexUpdate } from "../../model/messages/index-changes.ts";
import { addedIndexNeedsThroughput } from "../../model/messages/indexes.ts";
import { onDemandLimitOfProvisionedTable } from "../../model/messages/throughput.ts";
import type { UpdateGlobalSecondaryIndexAction } from "../../model/types.generated.ts";
import type { Billing, IndexDefinition } from "../../store/table.ts";
import { throughputOf } from "./index-capacity.ts";
import type { IndexChange } from "./index-change.ts";
import { changedView, indexTransition } from "./index-status.ts";
import type { Moment } from "./moment.ts";
import { checkOnDemandThroughput, firstLimit, keptLimits, mergeLimits } from "./on-demand-throughput.ts";
import { changeThroughput, decreasesToday } from "./provisioned-throughput.ts";
import { raiseWarmThroughput, warmThroughputOf } from "./warm-throughput.ts";

/** What is asked of one index. */
export interface SettingsRequest {
  readonly action: UpdateGlobalSecondaryIndexAction;
  /** As the table is, and the mode that the same request leads it to. */
  readonly billing: Billing;
  readonly mode: Billing["mode"];
}

/** Part of an index after a change, and what the answer shows of that part instead. */
interface Part {
  readonly after: Partial<IndexDefinition>;
  readonly shows?: Partial<IndexDefinition>;
}

/** Changes its units, its on-demand limits and its warm throughput, as far as each is asked for. */
export function changeIndexSettings(
  index: IndexDefinition,
  request: SettingsRequest,
  moment: Moment,
): IndexChange {
  checkSettings(request);
  const { ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = request.action;
  const units = changedUnits(index, request, moment.now);
  const limits = changedLimits(index, request);
  const warm = changedWarmth(index, request);
  const slow = ProvisionedThroughput !== undefined || OnDemandThroughput !== undefined;
  const transition = slow ? indexTransition(moment, units.shows) : undefined;
  const after = { ...index, ...limits.after, ...units.after, ...warm.after, transition };
  const shown = { ...after, ...limits.shows, ...units.shows, ...warm.shows };
  const view = changedView(shown, slow ? "UPDATING" : "ACTIVE");
  return { index: after, view: WarmThroughput === undefined ? view : { ...view, warm: "rising" } };
}

function checkSettings({ action, mode }: SettingsRequest): void {
  const { IndexName: name, ProvisionedThroughput: units, OnDemandThroughput: limits } = action;
  const nothing = units === undefined && limits === undefined && action.WarmThroughput === undefined;
  if (mode === "PAY_PER_REQUEST" && (units !== undefined || nothing)) throw onDemandIndexUpdate(name);
  if (mode === "PROVISIONED" && nothing) throw addedIndexNeedsThroughput(name);
  const limit = firstLimit(limits);
  if (mode === "PROVISIONED" && limit !== undefined) throw onDemandLimitOfProvisionedTable(limit, name);
}

/** The answer shows the units and the counter as they were, but already the new dates; of a new mode all is new. */
function changedUnits(index: IndexDefinition, { action, billing, mode }: SettingsRequest, now: number): Part {
  const wanted = action.ProvisionedThroughput;
  if (wanted === undefined) return { after: {} };
  const before = throughputOf(index);
  const warmThroughput = warmThroughputOf({ ...index, billing, throughput: before });
  if (billing.mode !== mode) {
    const throughput = { ...before, ...wanted };
    return { after: { throughput, warmThroughput, onDemandThroughput: undefined } };
  }
  const throughput = changeThroughput(before, wanted, { now, index: index.name });
  const { ReadCapacityUnits, WriteCapacityUnits } = before;
  const counted = decreasesToday(before, now);
  return {
    after: { throughput, warmThroughput },
    shows: { throughput: { ...throughput, ReadCapacityUnits, WriteCapacityUnits, decreasesToday: counted } },
  };
}

/** The answer shows even the limits that are lifted. */
function changedLimits({ name, onDemandThroughput }: IndexDefinition, { action }: SettingsRequest): Part {
  const limits = action.OnDemandThroughput;
  if (limits === undefined) return { after: {} };
  checkOnDemandThroughput(limits, true, name);
  const merged = mergeLimits(onDemandThroughput, limits);
  return { after: { onDemandThroughput: keptLimits(merged) }, shows: { onDemandThroughput: merged } };
}

/** The answer shows what the index had. */
function changedWarmth(index: IndexDefinition, { action, billing }: SettingsRequest): Part {
  if (action.WarmThroughput === undefined) return { after: {} };
  const warmable = { ...index, billing, throughput: throughputOf(index), indexName: index.name };
  return {
    after: { warmThroughput: raiseWarmThroughput(warmable, action.WarmThroughput) },
    shows: { warmThroughput: warmThroughputOf(warmable) },
  };
}
