import type {
  CreateTableInput,
  ProvisionedThroughput,
  Tag,
  WarmThroughput,
} from "../model/types.generated.ts";

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

/** What is kept of a table, as JSON in the catalog. Wire spelling where it is the client's own words. */
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
  /** When the class was last changed, oldest first (milliseconds since the epoch): as far back as the limit looks. */
  readonly tableClassChanges?: readonly number[] | undefined;
  readonly deletionProtected: boolean;
  readonly onDemandThroughput?: CreateTableInput["OnDemandThroughput"];
  /** The most the table was ever made ready for; absent while that is what its mode gives it. */
  readonly warmThroughput?: Required<WarmThroughput> | undefined;
  readonly tags: readonly Tag[];
  readonly transition?: Transition | undefined;
}

/** A change under way: until `until` (milliseconds since the epoch) the table shows `status`. */
export interface Transition {
  readonly status: "CREATING" | "UPDATING" | "DELETING";
  readonly until: number;
  /** What descriptions still show of the time before an update. */
  readonly shows?: Partial<TableDefinition> | undefined;
}

export interface Billing {
  readonly mode: "PROVISIONED" | "PAY_PER_REQUEST";
  /** When the table last became on-demand (milliseconds); absent for a table that never was. */
  readonly onDemandSince?: number | undefined;
  /** When it was switched to on-demand, oldest first: as far back as the limit looks. */
  readonly onDemandSwitches?: readonly number[] | undefined;
}

export interface Throughput extends ProvisionedThroughput {
  /** Milliseconds since the epoch. */
  readonly lastIncreaseAt?: number | undefined;
  readonly lastDecreaseAt?: number | undefined;
  /** Decreases in the UTC day of the last one. */
  readonly decreasesToday: number;
}

export type TableClass = "STANDARD" | "STANDARD_INFREQUENT_ACCESS";

/**
 * A table as read from the catalog, with the version it was read at: every read and write checks that it still holds.
 */
export interface Table {
  /** Never reused. */
  readonly id: number;
  /** Grows with every change of the definition. */
  readonly version: number;
  readonly definition: TableDefinition;
}
