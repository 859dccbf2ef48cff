import { assert } from "../../base/assert.ts";
import { newUuid } from "../../base/uuid.ts";
import { tableBeingCreated, tableExists, unusedDefinitions } from "../../model/messages/tables.ts";
import {
  newTableNeedsThroughput,
  onDemandLimitOfNewProvisionedTable,
  throughputOnDemand,
} from "../../model/messages/throughput.ts";
import type { CreateTableInput } from "../../model/types.generated.ts";
import type { Billing, KeySchema, TableDefinition, Throughput } from "../../store/table.ts";
import { checkKeySchema } from "../key-schema.ts";
import {
  checkOnDemandQuota,
  checkOnDemandThroughput,
  firstLimit,
  keptLimits,
} from "../on-demand-throughput.ts";
import { defineOperation, type Context } from "../operation.ts";
import { checkThroughputBounds, checkThroughputQuota } from "../provisioned-throughput.ts";
import { describeTable } from "../table-description.ts";
import { checkTableReference, findTable } from "../table-reference.ts";
import { statusOf, transitionFor } from "../table-status.ts";
import { checkTags } from "../tags.ts";
import { checkIndexLists, checkNewTableFeatures, hasIndexes } from "../unsupported-features.ts";
import { checkWarmQuota, initialWarmThroughput } from "../warm-throughput.ts";

/** Makes a table. */
export const createTable = defineOperation({
  name: "CreateTable",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.TableName],

  prepare(input) {
    checkCapacityMembers(input);
    const keySchema = checkKeys(input);
    if (input.OnDemandThroughput !== undefined) checkOnDemandThroughput(input.OnDemandThroughput, false);
    checkTags(input.Tags ?? []);
    const warmThroughput =
      input.WarmThroughput && initialWarmThroughput(capacityOf(input), input.WarmThroughput);
    checkNewTableFeatures(input);
    return { input, keySchema, warmThroughput };
  },

  async execute({ input, keySchema, warmThroughput }, context) {
    const { caller, store } = context;
    checkQuotas(input, caller.region);
    const name = checkTableReference(input.TableName, caller);
    if ((await findTable(context, name)) !== undefined) throw await nameTaken(context, name);
    const table = await store.tables.create(
      newDefinition(context, name, { input, keySchema, warmThroughput }),
    );
    if (table === undefined) throw await nameTaken(context, name);
    const shows = { billing: { mode: table.definition.billing.mode } };
    return { TableDescription: await describeTable(context, table, { status: "CREATING", shows }) };
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

function checkKeys(input: CreateTableInput): KeySchema {
  const { AttributeDefinitions: definitions, KeySchema: elements } = input;
  assert(definitions !== undefined && elements !== undefined, "the model's constraints require a key schema");
  const keySchema = checkKeySchema(elements, definitions);
  checkIndexLists(input);
  if (!hasIndexes(input) && definitions.length !== elements.length) throw unusedDefinitions();
  return keySchema;
}

function checkQuotas(input: CreateTableInput, region: string): void {
  if (input.ProvisionedThroughput !== undefined) checkThroughputQuota(input.ProvisionedThroughput, region);
  if (input.OnDemandThroughput !== undefined) checkOnDemandQuota(input.OnDemandThroughput, region);
  if (input.WarmThroughput !== undefined) checkWarmQuota(input.WarmThroughput, region);
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
    readonly warmThroughput: TableDefinition["warmThroughput"];
  },
): TableDefinition {
  const { input, keySchema, warmThroughput } = command;
  const now = clock.now();
  const { billing, throughput } = capacityOf(input);
  return {
    scope: { accountId: caller.accountId, region: caller.region },
    name,
    uuid: newUuid(),
    keySchema,
    attributeDefinitions: input.AttributeDefinitions ?? [],
    createdAt: now,
    billing: billing.mode === "PAY_PER_REQUEST" ? { ...billing, onDemandSince: now } : billing,
    throughput,
    tableClass: input.TableClass,
    deletionProtected: input.DeletionProtectionEnabled ?? false,
    onDemandThroughput: input.OnDemandThroughput && keptLimits(input.OnDemandThroughput),
    warmThroughput,
    tags: input.Tags ?? [],
    transition: transitionFor("CREATING", { now, delayMs: settings.tableDelayMs }, { billing }),
  };
}
