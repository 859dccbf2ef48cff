import type {
  CreateTableInput,
  ProvisionedThroughput,
  Tag,
  WarmThroughput,
} from "../model/types.generated.ts";
import type { ExpiryState } from "./expiry/expiry-state.ts";
import type { ChangeLogState, LogReader, StreamSettings } from "./change-log/log-state.ts";
import type { KinesisDestination } from "./kinesis-destination.ts";

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

/** The key of an index, whose partition and sort key may each be made of several attributes. */
export interface IndexKeySchema {
  /** One to four. */
  readonly partitionKeys: readonly KeyAttribute[];
  /** None to four; they order a collection one after another. */
  readonly sortKeys: readonly KeyAttribute[];
}

/** What is kept of a table, as JSON in the catalog. Wire spelling where it is the client's own words. */
export interface TableDefinition {
  readonly scope: Scope;
  readonly name: string;
  /** The id that DescribeTable shows: a UUID. */
  readonly uuid: string;
  readonly keySchema: KeySchema;
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
  /** In the order of their creation; those that are going are still among them. */
  readonly indexes: readonly IndexDefinition[];
  /** The id of the next index: ids are never reused. */
  readonly nextIndexId: number;
  /** While it is enabled. Setting, replacing or removing it begins and ends streams. */
  readonly stream?: StreamSettings | undefined;
  /** The label of the last stream there was, which descriptions show on when it is disabled. */
  readonly latestStreamLabel?: string | undefined;
  /** For whom changes are logged beside the stream. */
  readonly logReaders?: readonly LogReader[] | undefined;
  /** The newest first; those that are over are still among them. Change them with `withDestinations`. */
  readonly kinesisDestinations?: readonly KinesisDestination[] | undefined;
  /** Kept by the store: whoever changes a definition leaves it as it is. */
  readonly changeLog?: ChangeLogState | undefined;
  /** Time to live: enabling it begins a queue of the items by their expiry, disabling it ends one. */
  readonly expiry?: ExpiryState | undefined;
  readonly transition?: Transition | undefined;
}

/** A secondary index: the items that have all of its key attributes, in the order of its key. */
export interface IndexDefinition {
  readonly id: number;
  readonly name: string;
  /** Local: within the table's own item collections. */
  readonly kind: "local" | "global";
  readonly keySchema: IndexKeySchema;
  readonly projection: IndexProjection;
  /**
   * An index is maintained by every write from its first moment. While it is `building`, the items from before are
   * still being added, and nobody may read it; when it is `deleting`, its entries are being erased.
   */
  readonly state: "building" | "active" | "deleting";
  /** While building: when the items from before begin to be added (milliseconds since the epoch). */
  readonly buildsFrom?: number | undefined;
  /** Of global indexes; local ones share the table's. */
  readonly throughput?: Throughput | undefined;
  readonly onDemandThroughput?: CreateTableInput["OnDemandThroughput"];
  readonly warmThroughput?: Required<WarmThroughput> | undefined;
  /** A change of its settings under way. */
  readonly transition?: IndexTransition | undefined;
}

/** What an index holds of an item beside the key attributes of table and index. */
export type IndexProjection =
  | { readonly type: "ALL" }
  | { readonly type: "KEYS_ONLY" }
  | { readonly type: "INCLUDE"; readonly nonKeyAttributes: readonly string[] };

/** Until `until` (milliseconds since the epoch) the index shows UPDATING, and its settings as they were. */
export interface IndexTransition {
  readonly until: number;
  readonly shows?: Partial<IndexDefinition> | undefined;
}

/** A change under way: until `until` (milliseconds since the epoch) the table shows `status`. */
export interface Transition {
  readonly status: "CREATING" | "UPDATING" | "DELETING";
  /** What an update changes, which tells what else has to wait for it. */
  readonly changes?: "throughput" | "table-class" | "stream" | undefined;
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
