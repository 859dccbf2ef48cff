import { assert } from "../../base/assert.ts";
import {
  addedIndexWithWarmThroughput,
  indexWithStream,
  indexWithTableThroughput,
} from "../../model/messages/index-changes.ts";
import { streamWithThroughput } from "../../model/messages/streams.ts";
import {
  mustBeOnlyChange,
  nothingToUpdate,
  onDemandThroughputWithOthers,
  replicasMustBeOnlyChange,
  tableNotFound,
  warmThroughputMustBeOnlyChange,
} from "../../model/messages/tables.ts";
import {
  provisionedModeNeedsThroughput,
  throughputWithOnDemandMode,
} from "../../model/messages/throughput.ts";
import type { UpdateTableInput } from "../../model/types.generated.ts";
import { newStreamLabel } from "../streams/stream-label.ts";
import { changeTable } from "../tables/change-table.ts";
import { indexUpdatesOf, isOnline, type IndexUpdate } from "../tables/index-updates.ts";
import { checkOnDemandQuota, checkOnDemandThroughput } from "../tables/on-demand-throughput.ts";
import { defineOperation } from "../operation.ts";
import { checkThroughputBounds, checkThroughputQuota } from "../tables/provisioned-throughput.ts";
import type { TableChange } from "../tables/table-change.ts";
import { describeTable } from "../tables/table-description.ts";
import { existingTable } from "../table-reference.ts";
import { checkTableChangeFeatures } from "../tables/unsupported-features.ts";
import { checkWarmQuota } from "../tables/warm-throughput.ts";

/** Changes one thing about a table: its capacity and its indexes, its stream, its class or its protection. */
export const updateTable = defineOperation({
  name: "UpdateTable",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare(input) {
    checkCapacityMembers(input);
    const asked = checkAsked(input);
    const indexUpdates = indexUpdatesOf(input);
    checkCombination(asked, indexUpdates);
    checkTableChangeFeatures(input);
    return { input, indexUpdates };
  },

  async execute({ input, indexUpdates }, context) {
    const { store, caller, clock, settings } = context;
    checkQuotas(input, caller.region);
    const { definition } = await existingTable(context, input.TableName);
    const moment = { now: clock.now(), delayMs: settings.tableDelayMs };
    const streamLabel = await newStreamLabel(context, definition.name, input.StreamSpecification);
    const request = { input, indexUpdates, streamLabel };
    let change: TableChange | undefined; // Of the last run, which is the one that counts.
    const table = await store.tables.update(caller, definition.name, (current) => {
      change = changeTable(current.definition, request, moment);
      return change.after;
    });
    if (table === undefined) throw tableNotFound(definition.name);
    assert(change !== undefined, "an updated table went through its change");
    return { TableDescription: await describeTable(context, table, change) };
  },
});

function checkCapacityMembers(input: UpdateTableInput): void {
  const { BillingMode: mode, ProvisionedThroughput: throughput, OnDemandThroughput: limits } = input;
  if (throughput !== undefined) checkThroughputBounds(throughput);
  if (mode === "PROVISIONED" && throughput === undefined) throw provisionedModeNeedsThroughput();
  if (mode === "PAY_PER_REQUEST" && throughput !== undefined) throw throughputWithOnDemandMode();
  if (limits !== undefined) checkOnDemandThroughput(limits, true);
}

/** Members that ask for a change. The service takes AttributeDefinitions along with others, but never alone. */
const changing = [
  "DeletionProtectionEnabled",
  "SSESpecification",
  "TableClass",
  "WarmThroughput",
  "OnDemandThroughput",
  "BillingMode",
  "ProvisionedThroughput",
  "StreamSpecification",
  "GlobalSecondaryIndexUpdates",
  "VectorIndexUpdates",
  "ReplicaUpdates",
  "GlobalTableWitnessUpdates",
  "GlobalTableSettingsReplicationMode",
] as const;

type Changing = (typeof changing)[number];

function checkAsked(input: UpdateTableInput): ReadonlySet<Changing> {
  const asked = new Set(changing.filter((member) => isAsked(input, member)));
  if (asked.size === 0) throw nothingToUpdate(input.MultiRegionConsistency !== undefined);
  return asked;
}

/** Only what belongs to the billing mode, and what indexes are to be able to do, may go together. */
function checkCombination(asked: ReadonlySet<Changing>, indexUpdates: readonly IndexUpdate[]): void {
  const alone = asked.size === 1;
  if (asked.has("SSESpecification") && !alone) throw mustBeOnlyChange("Server-Side Encryption");
  if (asked.has("TableClass") && !alone) throw mustBeOnlyChange("TableClass");
  if (asked.has("DeletionProtectionEnabled") && !alone) throw mustBeOnlyChange("DeletionProtection");
  if (asked.has("WarmThroughput") && !alone) {
    const adds = indexUpdates.some(({ kind }) => kind === "create");
    throw adds ? addedIndexWithWarmThroughput() : warmThroughputMustBeOnlyChange();
  }
  if (asked.has("ReplicaUpdates") && !alone) throw replicasMustBeOnlyChange();
  if (asked.has("OnDemandThroughput") && asked.size > (asked.has("BillingMode") ? 2 : 1)) {
    throw onDemandThroughputWithOthers();
  }
  if (asked.has("StreamSpecification") && asked.has("ProvisionedThroughput")) throw streamWithThroughput();
  if (!indexUpdates.some(isOnline)) {
    if (asked.has("StreamSpecification") && indexUpdates.length > 0) throw streamWithThroughput();
    return;
  }
  if (asked.has("ProvisionedThroughput")) throw indexWithTableThroughput();
  if (asked.has("StreamSpecification")) throw indexWithStream();
}

/** Empty throughputs count as absent, and so does an empty list of indexes. */
function isAsked(input: UpdateTableInput, member: Changing): boolean {
  const value = input[member];
  if (value === undefined) return false;
  return !mayBeEmpty.has(member) || Object.keys(value).length > 0;
}

const mayBeEmpty: ReadonlySet<Changing> = new Set([
  "WarmThroughput",
  "OnDemandThroughput",
  "GlobalSecondaryIndexUpdates",
]);

function checkQuotas(input: UpdateTableInput, region: string): void {
  if (input.ProvisionedThroughput !== undefined) checkThroughputQuota(input.ProvisionedThroughput, region);
  if (input.OnDemandThroughput !== undefined) checkOnDemandQuota(input.OnDemandThroughput, region);
  if (input.WarmThroughput !== undefined) checkWarmQuota(input.WarmThroughput, region);
}
