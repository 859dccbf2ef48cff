import { assert } from "../../base/assert.ts";
import { newUuid } from "../../base/uuid.ts";
import { emptyIndexList, tableBeingCreated, tableExists } from "../../model/messages/tables.ts";
import {
  newTableNeedsThroughput,
  onDemandLimitOfNewProvisionedTable,
  throughputOnDemand,
} from "../../model/messages/throughput.ts";
import type { CreateTableInput } from "../../model/types.generated.ts";
import { indexKeyAttributes, tableKeyAttributes } from "../../store/key-attributes.ts";
import type { Billing, IndexDefinition, KeySchema, TableDefinition, Throughput } from "../../store/table.ts";
import { checkAllUsed } from "../tables/attribute-definitions.ts";
import { checkIndexQuota } from "../tables/index-capacity.ts";
import { checkKeySchema } from "../tables/key-schema.ts";
import { draftIndexes, newIndexes, type IndexDraft } from "../tables/new-indexes.ts";
import {
  checkOnDemandQuota,
  checkOnDemandThroughput,
  firstLimit,
  keptLimits,
} from "../tables/on-demand-throughput.ts";
import { defineOperation, type Context } from "../operation.ts";
import { newStreamLabel } from "../streams/stream-label.ts";
import { askedStream } from "../streams/stream-specification.ts";
import { checkThroughputBounds, checkThroughputQuota } from "../tables/provisioned-throughput.ts";
import { describeTable } from "../tables/table-description.ts";
import { checkTableReference, findTable } from "../table-reference.ts";
import { statusOf, transitionFor } from "../tables/table-status.ts";
import { checkTags } from "../tables/tags.ts";
import { checkNewTableFeatures } from "../tables/unsupported-features.ts";
import { checkWarmQuota, initialWarmThroughput } from "../tables/warm-throughput.ts";

/** Makes a table. */
export const createTable = defineOperation({
  name: "CreateTable",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare(input) {
    checkCapacityMembers(input);
    const { keySchema, drafts } = checkKeys(input);
    const capacity = capacityOf(input);
    const indexes = newIndexes(drafts, capacity.billing);
    if (input.OnDemandThroughput !== undefined) checkOnDemandThroughput(input.OnDemandThroughput, false);
    checkTags(input.Tags ?? []);
    const warmThroughput = input.WarmThroughput && initialWarmThroughput(capacity, input.WarmThroughput);
    checkNewTableFeatures(input);
    return { input, keySchema, indexes, warmThroughput };
  },

  async execute(command, context) {
    const { caller, store } = context;
    const { input } = command;
    checkQuotas(input, caller.region);
    const name = checkTableReference(input.TableName, caller);
    if ((await findTable(context, name)) !== undefined) throw await nameTaken(context, name);
    const label = await newStreamLabel(context, name, input.StreamSpecification);
    const stream = askedStream(input.StreamSpecification, label);
    const table = await store.tables.create(newDefinition(context, name, { ...command, stream }));
    if (table === undefined) throw await nameTaken(context, name);
    const shows = { billing: { mode: table.definition.billing.mode } };
    const showing = { status: "CREATING", shows, isNew: true } as const;
    return { TableDescription: await describeTable(context, table, showing) };
  },
});

function checkCapacityMembers(input: CreateTableInput): void {
  const { BillingMode: mode = "PROVISIONED", ProvisionedThroughput: throughput } = input;
  if (mode === "PAY_PER_REQUEST" && throughput !== undefined) throw throughputOnDemand();
  if (mode === "PROVISIONED" && throughput === undefined) throw newTableNeedsThroughput();
  if (throughput !== undefined) checkThroughputBounds(throughput);
  const limit = firstLimit(input.OnDemandThroughput);
  if (mode === "PROVISIONED" && limit !== undefined) throw onDemandLimitOfNewProvisionedTable(limit);
}

/** Keys and definitions come first: as long as they do not fit, nothing else is said of indexes. */
function checkKeys(input: CreateTableInput): {
  readonly keySchema: KeySchema;
  readonly drafts: readonly IndexDraft[];
} {
  const { AttributeDefinitions: definitions, KeySchema: elements } = input;
  assert(definitions !== undefined && elements !== undefined, "the model's constraints require a key schema");
  const keySchema = checkKeySchema(elements, definitions);
  for (const member of indexLists) if (input[member]?.length === 0) throw emptyIndexList(member);
  const drafts = draftIndexes(input, definitions, keySchema);
  if (input.VectorIndexes === undefined) {
    const used = [...tableKeyAttributes(keySchema), ...drafts.flatMap(indexKeyAttributes)];
    checkAllUsed(definitions, used, drafts.length > 0);
  }
  return { keySchema, drafts };
}

/** Members whose empty list is an error of its own, in the order in which the service checks them. */
const indexLists = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes", "VectorIndexes"] as const;

function checkQuotas(input: CreateTableInput, region: string): void {
  if (input.ProvisionedThroughput !== undefined) checkThroughputQuota(input.ProvisionedThroughput, region);
  if (input.OnDemandThroughput !== undefined) checkOnDemandQuota(input.OnDemandThroughput, region);
  if (input.WarmThroughput !== undefined) checkWarmQuota(input.WarmThroughput, region);
  for (const index of input.GlobalSecondaryIndexes ?? []) checkIndexQuota(index, region);
}

function capacityOf(input: CreateTableInput): { billing: Billing; throughput: Throughput } {
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = input.ProvisionedThroughput ?? {};
  return {
    billing: { mode: input.BillingMode ?? "PROVISIONED" },
    throughput: { ReadCapacityUnits, WriteCapacityUnits, decreasesToday: 0 },
  };
}

/** While the table is being made, the service says so instead. */
async function nameTaken(context: Context, name: string): Promise<Error> {
  const table = await findTable(context, name);
  const creating = table !== undefined && statusOf(table.definition, context.clock.now()) === "CREATING";
  return creating ? tableBeingCreated(name) : tableExists(name);
}

function newDefinition(
  { caller, clock, settings }: Context,
  name: string,
  command: {
    readonly input: CreateTableInput;
    readonly keySchema: KeySchema;
    readonly indexes: readonly IndexDefinition[];
    readonly warmThroughput: TableDefinition["warmThroughput"];
    readonly stream: TableDefinition["stream"];
  },
): TableDefinition {
  const { input, keySchema, indexes, warmThroughput, stream } = command;
  const now = clock.now();
  const { billing, throughput } = capacityOf(input);
  return {
    scope: { accountId: caller.accountId, region: caller.region },
    name,
    uuid: newUuid(),
    keySchema,
    createdAt: now,
    billing: billing.mode === "PAY_PER_REQUEST" ? { ...billing, onDemandSince: now } : billing,
    throughput,
    tableClass: input.TableClass,
    deletionProtected: input.DeletionProtectionEnabled ?? false,
    onDemandThroughput: input.OnDemandThroughput && keptLimits(input.OnDemandThroughput),
    warmThroughput,
    tags: input.Tags ?? [],
    indexes,
    nextIndexId: indexes.length + 1,
    stream,
    transition: transitionFor("CREATING", { now, delayMs: settings.tableDelayMs }, { shows: { billing } }),
  };
}
