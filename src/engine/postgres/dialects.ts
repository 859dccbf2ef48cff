/** What differs among the databases that speak PostgreSQL's protocol. Only PostgreSQL itself is tested. */
import type { Dialect } from "./postgres-options.ts";

export interface SqlDialect {
  /** Makes the tables where there are none. Each statement runs by itself, perhaps on several servers at once. */
  readonly tables: readonly string[];
  readonly beginTransaction: string;
  /** Begins a view: every statement up to COMMIT sees the moment of the first. */
  readonly beginView: string;
  /** How rows are held that others may hold too, but not change. */
  readonly holdShared: string;
  /**
   * Whether those who want a row for themselves and those who want a share of it queue up at a lock beside the row. Row
   * locks are not fair: while there is always somebody who has a share, a share is all that can be had.
   */
  readonly queues: boolean;
  /** Whether an exchange may be one statement: that rests on the order in which its parts are carried out. */
  readonly exchangesInOneStatement: boolean;
}

const tallyTable = `CREATE TABLE IF NOT EXISTS stator_tally (
  k bytea NOT NULL, part bigint NOT NULL, slot integer NOT NULL, count bigint NOT NULL, bytes bigint NOT NULL,
  PRIMARY KEY (k, part, slot))`;
const formatTable = `CREATE TABLE IF NOT EXISTS stator_format (
  id integer PRIMARY KEY, version integer NOT NULL)`;

const postgresql: SqlDialect = {
  tables: [
    "CREATE TABLE IF NOT EXISTS stator_entry (k bytea PRIMARY KEY, v bytea)",
    // Values are not compressed: a few bytes of a long one are read without the rest, and writes are faster.
    "ALTER TABLE stator_entry ALTER COLUMN v SET STORAGE EXTERNAL",
    // Rows are counted up over and over, in place while there is room on their page.
    `${tallyTable} WITH (fillfactor = 50)`,
    formatTable,
  ],
  beginTransaction: "BEGIN ISOLATION LEVEL READ COMMITTED",
  beginView: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  holdShared: "FOR SHARE",
  queues: true,
  exchangesInOneStatement: true,
};

const cockroachdb: SqlDialect = {
  tables: ["CREATE TABLE IF NOT EXISTS stator_entry (k bytea PRIMARY KEY, v bytea)", tallyTable, formatTable],
  // SERIALIZABLE, its default: the locks then only save repetitions.
  beginTransaction: "BEGIN",
  beginView: "BEGIN READ ONLY",
  holdShared: "FOR SHARE",
  queues: false,
  exchangesInOneStatement: false,
};

const yugabytedb: SqlDialect = {
  // Without ASC keys would be spread by their hash, and ranges of them could not be read.
  tables: [
    "CREATE TABLE IF NOT EXISTS stator_entry (k bytea, v bytea, PRIMARY KEY (k ASC))",
    tallyTable.replace("(k, part, slot)", "(k ASC, part ASC, slot ASC)"),
    formatTable,
  ],
  beginTransaction: "BEGIN ISOLATION LEVEL READ COMMITTED",
  beginView: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  holdShared: "FOR SHARE",
  queues: false,
  exchangesInOneStatement: false,
};

export const dialects: Readonly<Record<Dialect, SqlDialect>> = { postgresql, cockroachdb, yugabytedb };
