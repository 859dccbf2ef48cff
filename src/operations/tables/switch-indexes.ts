/** What a change of a table's billing mode makes of its indexes. */
import { indexesNeedThroughput } from "../../model/messages/index-changes.ts";
import type { Billing, IndexDefinition, Throughput } from "../../store/table.ts";
import { throughputOf } from "./index-capacity.ts";
import type { IndexChange } from "./index-change.ts";
import { changedView, indexTransition } from "./index-status.ts";
import type { Moment } from "./moment.ts";
import { decreasesToday } from "./provisioned-throughput.ts";
import { warmThroughputOf } from "./warm-throughput.ts";

/** From which mode to which. */
export interface ModeSwitch {
  /** As the table is. */
  readonly billing: Billing;
  readonly mode: Billing["mode"];
  /** The names of the indexes whose units the same request gives. */
  readonly given: ReadonlySet<string>;
}

/** On demand, all of them lose their units; to be provisioned, all of them need some, and have got them by now. */
export function switchIndexes(
  indexes: readonly IndexDefinition[],
  { billing, mode, given }: ModeSwitch,
  moment: Moment,
): readonly IndexChange[] {
  const switching = indexes.filter(({ kind, state }) => kind === "global" && state !== "deleting");
  if (mode === "PAY_PER_REQUEST") return switching.map((index) => withoutUnits(index, billing, moment));
  const lacking = switching.filter(({ name }) => !given.has(name));
  if (lacking.length > 0) throw indexesNeedThroughput(lacking.map(({ name }) => name));
  return [];
}

/** That counts as a decrease, which the answer does not show yet. */
function withoutUnits(index: IndexDefinition, billing: Billing, moment: Moment): IndexChange {
  const before = throughputOf(index);
  const warmThroughput = warmThroughputOf({ ...index, billing, throughput: before });
  const shown: Throughput = { ...before, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  const counted = { lastDecreaseAt: moment.now, decreasesToday: decreasesToday(before, moment.now) + 1 };
  const transition = indexTransition(moment, { throughput: shown });
  const after = { ...index, throughput: { ...shown, ...counted }, warmThroughput, transition };
  return { index: after, view: changedView({ ...after, throughput: shown }, "UPDATING") };
}
