/** What the service tells of a table. */
import type {
  BillingModeSummary,
  ProvisionedThroughputDescription,
  TableClassSummary,
  TableDescription,
} from "../model/types.generated.ts";
import type { Statistics } from "../store/statistics.ts";
import type { Billing, Table, TableDefinition, Throughput } from "../store/table.ts";
import { keySchemaElements } from "./key-schema.ts";
import type { Context } from "./operation.ts";
import { decreasesToday } from "./provisioned-throughput.ts";
import { tableArn } from "./table-arn.ts";
import type { TableStatus } from "./table-status.ts";
import { warmThroughputOf } from "./warm-throughput.ts";

export interface Showing {
  readonly status: Exclude<TableStatus, "GONE">;
  /** What is still shown of the time before a change. */
  readonly shows?: Partial<TableDefinition> | undefined;
  /** True while an answer shows that warm throughput is being raised. */
  readonly warming?: boolean | undefined;
}

/** Describes a table with the number and size of its items as they are now. */
export async function describeTable(
  { store, clock }: Context,
  table: Table,
  showing: Showing,
): Promise<TableDescription> {
  const statistics = await store.tables.statistics(table);
  const definition = { ...table.definition, ...showing.shows };
  const brief = briefDescription(definition, { statistics, status: showing.status, now: clock.now() });
  // Of a table that is going, only this much is told.
  return showing.status === "DELETING" ? brief : { ...brief, ...structure(definition, showing) };
}

interface Facts {
  readonly statistics: Statistics;
  readonly status: Showing["status"];
  readonly now: number;
}

function briefDescription(definition: TableDefinition, { statistics, status, now }: Facts): TableDescription {
  const { scope, name, uuid, billing, throughput } = definition;
  return {
    TableName: name,
    TableStatus: status,
    TableArn: tableArn(scope, name),
    TableId: uuid,
    ItemCount: statistics.itemCount,
    TableSizeBytes: statistics.sizeBytes,
    ProvisionedThroughput: throughputDescription(throughput, now),
    BillingModeSummary: billingSummary(billing),
    DeletionProtectionEnabled: definition.deletionProtected,
  };
}

function structure(definition: TableDefinition, { status, warming = false }: Showing): TableDescription {
  const { attributeDefinitions, keySchema, createdAt, onDemandThroughput, warmThroughput } = definition;
  // A new table tells its warm throughput at once only when it was asked for one.
  const warm = status === "CREATING" ? warmThroughput : warmThroughputOf(definition);
  return {
    AttributeDefinitions: attributeDefinitions,
    KeySchema: keySchemaElements(keySchema),
    CreationDateTime: seconds(createdAt),
    TableClassSummary: classSummary(definition),
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warm && {
      ...warm,
      Status: warming || status === "CREATING" ? "UPDATING" : "ACTIVE",
    },
  };
}

function throughputDescription(throughput: Throughput, now: number): ProvisionedThroughputDescription {
  const { lastIncreaseAt, lastDecreaseAt, ReadCapacityUnits, WriteCapacityUnits } = throughput;
  return {
    LastIncreaseDateTime: lastIncreaseAt && seconds(lastIncreaseAt),
    LastDecreaseDateTime: lastDecreaseAt && seconds(lastDecreaseAt),
    NumberOfDecreasesToday: decreasesToday(throughput, now),
    ReadCapacityUnits,
    WriteCapacityUnits,
  };
}

/** A table that has always been provisioned does not speak of its mode. */
function billingSummary({ mode, onDemandSince }: Billing): BillingModeSummary | undefined {
  if (mode === "PROVISIONED" && onDemandSince === undefined) return undefined;
  return { BillingMode: mode, LastUpdateToPayPerRequestDateTime: onDemandSince && seconds(onDemandSince) };
}

/** Nor does one that was never given a class speak of that. */
function classSummary({ tableClass, tableClassChanges }: TableDefinition): TableClassSummary | undefined {
  if (tableClass === undefined) return undefined;
  const changedAt = tableClassChanges?.at(-1);
  return { TableClass: tableClass, LastUpdateDateTime: changedAt && seconds(changedAt) };
}

function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
