/** What the service tells of a table. */
import type { BillingModeSummary, TableClassSummary, TableDescription } from "../../model/types.generated.ts";
import { orderOf } from "../../store/key-attributes.ts";
import type { Billing, Table, TableDefinition } from "../../store/table.ts";
import { attributeDefinitionsOf } from "./attribute-definitions.ts";
import { describeIndexes, type TableFacts } from "./index-descriptions.ts";
import { keySchemaElements } from "./index-key-schema.ts";
import { indexView, type IndexView } from "./index-status.ts";
import type { Context } from "../operation.ts";
import { streamArn, tableArn } from "../table-arn.ts";
import type { TableStatus } from "./table-status.ts";
import { throughputDescription } from "./throughput-description.ts";
import { warmThroughputOf } from "./warm-throughput.ts";

export interface Showing {
  readonly status: Exclude<TableStatus, "GONE">;
  /** What is still shown of the time before a change. */
  readonly shows?: Partial<TableDefinition> | undefined;
  /** True while an answer shows that warm throughput is being raised. */
  readonly warming?: boolean | undefined;
  /** True of the answer to the request that makes the table. */
  readonly isNew?: boolean | undefined;
  /** Indexes that an answer shows otherwise than they are, by their ids. */
  readonly indexes?: ReadonlyMap<number, IndexView> | undefined;
}

/** Describes a table with the number and size of its items as they are now. */
export async function describeTable(
  { store, clock }: Context,
  table: Table,
  showing: Showing,
): Promise<TableDescription> {
  const statistics = await store.tables.statistics(table);
  const definition = { ...table.definition, ...showing.shows };
  const facts: TableFacts = { definition, statistics, now: clock.now() };
  const brief = briefDescription(facts, showing.status);
  // Of a table that is going, only this much is told.
  if (showing.status === "DELETING") return brief;
  return { ...brief, ...structure(definition, showing), ...describeIndexes(viewsOf(facts, showing), facts) };
}

function viewsOf({ definition, now }: TableFacts, { status, isNew, indexes }: Showing): readonly IndexView[] {
  const ofNewTable = status === "CREATING";
  return definition.indexes.map((index): IndexView => {
    const view = indexes?.get(index.id) ?? indexView(index, { ofNewTable, now });
    return isNew === true ? { ...view, warm: "untold" } : view;
  });
}

function briefDescription(
  { definition, statistics, now }: TableFacts,
  status: Showing["status"],
): TableDescription {
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
  const { keySchema, createdAt, onDemandThroughput, warmThroughput } = definition;
  // A new table tells its warm throughput at once only when it was asked for one.
  const warm = status === "CREATING" ? warmThroughput : warmThroughputOf(definition);
  return {
    AttributeDefinitions: attributeDefinitionsOf(definition),
    KeySchema: keySchemaElements(orderOf(keySchema)),
    CreationDateTime: seconds(createdAt),
    TableClassSummary: classSummary(definition),
    ...streamDescription(definition),
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warm && {
      ...warm,
      Status: warming || status === "CREATING" ? "UPDATING" : "ACTIVE",
    },
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

/** The last stream is still told of when it is disabled, but not how it was. */
function streamDescription({ scope, name, stream, latestStreamLabel: label }: TableDefinition) {
  return {
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamLabel: label,
    LatestStreamArn: label && streamArn(scope, name, label),
  } satisfies TableDescription;
}

function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
