import type { CreateTableInput, Tag, ProvisionedThroughput } from "../model/types.generated.ts";

/** Whose tables: every account has its own in every region. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
}

export type KeyType = "S" | "N" | "B";

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute | undefined;
}

/** What is kept of a table, as JSON in the catalog. Wire spelling below `settings`: they are the client's own words. */
export interface TableDefinition {
  readonly scope: Scope;
  readonly name: string;
  /** The id that DescribeTable shows: a UUID. */
  readonly uuid: string;
  readonly keySchema: KeySchema;
  readonly attributeDefinitions: NonNullable<CreateTableInput["AttributeDefinitions"]>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly billing: Billing;
  readonly throughput: Throughput;
  readonly tableClass?: TableClass | undefined;
  /** Milliseconds since the epoch. */
  readonly tableClassChangedAt?: number | undefined;
  readonly deletionProtected: boolean;
  readonly onDemandThroughput?: CreateTableInput["OnDemandThroughput"];
  readonly warmThroughput?: CreateTableInput["WarmThroughput"];
  readonly tags: readonly Tag[];
  /** A change under way: until `until` (milliseconds since the epoch) the table shows `status`. */
  readonly transition?:
    { readonly status: "CREATING" | "UPDATING" | "DELETING"; readonly until: number } | undefined;
}

export interface Billing {
  readonly mode: "PROVISIONED" | "PAY_PER_REQUEST";
  /** When the table was last switched to on-demand (milliseconds); absent for a table that never was. */
  readonly onDemandSince?: number | undefined;
}

export interface Throughput extends ProvisionedThroughput {
  /** Milliseconds since the epoch. */
  readonly lastIncreaseAt?: number | undefined;
  readonly lastDecreaseAt?: number | undefined;
  readonly decreasesToday: number;
}

export type TableClass = "STANDARD" | "STANDARD_INFREQUENT_ACCESS";

/** A table as read from the catalog, with the version it was read at: every read and write checks that it still holds. */
export interface Table {
  /** Never reused. */
  readonly id: number;
  /** Grows with every change of the definition. */
  readonly version: number;
  readonly definition: TableDefinition;
}
