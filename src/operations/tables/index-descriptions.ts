/** What the service tells of a table's indexes. */
import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  TableDescription,
} from "../../model/types.generated.ts";
import type { TableStatistics } from "../../store/statistics.ts";
import type { IndexDefinition, TableDefinition } from "../../store/table.ts";
import { throughputOf } from "./index-capacity.ts";
import { keySchemaElements } from "./index-key-schema.ts";
import type { IndexView } from "./index-status.ts";
import { projectionDescription } from "./projections.ts";
import { tableArn } from "../table-arn.ts";
import { throughputDescription } from "./throughput-description.ts";
import { warmThroughputOf } from "./warm-throughput.ts";

/** What a table is, as it is shown, and what it holds. */
export interface TableFacts {
  readonly definition: TableDefinition;
  readonly statistics: TableStatistics;
  readonly now: number;
}

/** In the order of their creation. A kind that the table has none of is not spoken of. */
export function describeIndexes(
  views: readonly IndexView[],
  facts: TableFacts,
): Pick<TableDescription, "LocalSecondaryIndexes" | "GlobalSecondaryIndexes"> {
  const ofKind = (kind: IndexDefinition["kind"]) => views.filter(({ index }) => index.kind === kind);
  const local = ofKind("local").map(({ index }) => describeIndex(index, facts));
  const global = ofKind("global").map((view) => describeGlobalIndex(view, facts));
  return {
    LocalSecondaryIndexes: local.length === 0 ? undefined : local,
    GlobalSecondaryIndexes: global.length === 0 ? undefined : global,
  };
}

function describeIndex(
  { id, name, keySchema, projection }: IndexDefinition,
  { definition, statistics }: TableFacts,
): LocalSecondaryIndexDescription {
  const { itemCount, sizeBytes } = statistics.indexes.get(id) ?? { itemCount: 0, sizeBytes: 0 };
  return {
    IndexName: name,
    KeySchema: keySchemaElements(keySchema),
    Projection: projectionDescription(projection),
    IndexSizeBytes: sizeBytes,
    ItemCount: itemCount,
    IndexArn: `${tableArn(definition.scope, definition.name)}/index/${name}`,
  };
}

function describeGlobalIndex(
  { index, status, backfilling, warm }: IndexView,
  facts: TableFacts,
): GlobalSecondaryIndexDescription {
  const throughput = throughputOf(index);
  const warmth = warmThroughputOf({ ...index, billing: facts.definition.billing, throughput });
  return {
    ...describeIndex(index, facts),
    IndexStatus: status,
    Backfilling: backfilling,
    ProvisionedThroughput: throughputDescription(throughput, facts.now),
    OnDemandThroughput: index.onDemandThroughput,
    WarmThroughput:
      warm === "untold" ? undefined : { ...warmth, Status: warm === "rising" ? "UPDATING" : "ACTIVE" },
  };
}
