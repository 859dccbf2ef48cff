import type { Hold } from "../engine.ts";
import type { Statement } from "./connections/connections.ts";
import type { SqlDialect } from "./dialects.ts";

/** Every statement on data that this engine sends, but exchanges. */
export interface Statements {
  readonly beginTransaction: Statement;
  readonly beginView: Statement;
  readonly commit: Statement;
  readonly rollback: Statement;
  /** key → value. */
  readonly get: Statement;
  /** keys → key, value. */
  readonly getMany: Statement;
  /** key → value, held until the transaction ends. */
  readonly hold: Readonly<Record<Hold, Statement>>;
  /** keys → key, value, held in key order. */
  readonly holdMany: Readonly<Record<Hold, Statement>>;
  /** keys, values: for keys that no entry has, in key order. */
  readonly insert: Statement;
  /** keys, values, in key order. */
  readonly upsert: Statement;
  /** keys. */
  readonly remove: Statement;
  /** slot, keys, parts, counts, bytes. */
  readonly addTallies: Statement;
  /** key → part, count, bytes, rows. */
  readonly tally: Statement;
  readonly removeTally: Statement;
  /** key, part. */
  readonly removePart: Statement;
  readonly scan: Readonly<Record<"forward" | "backward", ScanStatements>>;
}

interface ScanStatements {
  /** from, until, rows → key, value. */
  readonly entries: Statement;
  /** from, until, rows, bytes → key, value, rows there are within the first bound. */
  readonly bounded: Statement;
  /** from, until, rows → key. */
  readonly keys: Statement;
  /** from, until, rows, bytes, keys → key, value, rows as in `bounded`; first, without rows, those of the keys. */
  readonly withKeys: Statement;
}

export function statementsFor({ beginTransaction, beginView, holdShared, queues }: SqlDialect): Statements {
  const inQueue = (how: "sole" | "shared", keys: string) => (queues ? ` AND ${queueing(how, keys)}` : "");
  return {
    beginTransaction: { name: "begin-transaction", text: beginTransaction },
    beginView: { name: "begin-view", text: beginView },
    commit: { name: "commit", text: "COMMIT" },
    rollback: { name: "rollback", text: "ROLLBACK" },
    get: { name: "get", text: one },
    getMany: { name: "get-many", text: many },
    hold: {
      exclusive: { name: "hold-exclusive", text: `${one} FOR UPDATE` },
      shared: { name: "hold-shared", text: `${one}${inQueue("shared", "ARRAY[$1::bytea]")} ${holdShared}` },
      sole: { name: "hold-sole", text: `${one}${inQueue("sole", "ARRAY[$1::bytea]")} FOR UPDATE` },
    },
    holdMany: {
      exclusive: { name: "hold-many-exclusive", text: `${many} ORDER BY k FOR UPDATE` },
      shared: {
        name: "hold-many-shared",
        text: `${many}${inQueue("shared", "$1::bytea[]")} ORDER BY k ${holdShared}`,
      },
      sole: {
        name: "hold-many-sole",
        text: `${many}${inQueue("sole", "$1::bytea[]")} ORDER BY k FOR UPDATE`,
      },
    },
    insert: { name: "insert", text: insert },
    upsert: { name: "upsert", text: `${insert} ON CONFLICT (k) DO UPDATE SET v = excluded.v` },
    remove: { name: "remove", text: "DELETE FROM stator_entry WHERE k = ANY($1::bytea[])" },
    addTallies: { name: "add-tallies", text: addTallies },
    tally: { name: "tally", text: tally },
    removeTally: { name: "remove-tally", text: "DELETE FROM stator_tally WHERE k = $1" },
    removePart: { name: "remove-part", text: "DELETE FROM stator_tally WHERE k = $1 AND part = $2" },
    scan: { forward: scansOf("forward", "ASC"), backward: scansOf("backward", "DESC") },
  };
}

const one = "SELECT v FROM stator_entry WHERE k = $1";
const many = "SELECT k, v FROM stator_entry WHERE k = ANY($1::bytea[])";
const insert =
  "INSERT INTO stator_entry (k, v) SELECT k, v FROM unnest($1::bytea[], $2::bytea[]) AS given (k, v)";

/** True once this transaction has had its turn. It is worked out before the first row is looked for. */
export function queueing(how: "sole" | "shared", keys: string): string {
  const lock = how === "sole" ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
  return `(SELECT count(*) FROM (SELECT ${lock}(hashtextextended(encode(k, 'hex'), 0))
    FROM (SELECT DISTINCT k FROM unnest(${keys}) AS given (k) ORDER BY k) AS ordered) AS queued) >= 0`;
}

/** What a connection adds to a tally goes to a row of its own, so that nobody waits for it. */
export const addsToTally = `ON CONFLICT (k, part, slot) DO UPDATE
  SET count = t.count + excluded.count, bytes = t.bytes + excluded.bytes`;
const addTallies = `INSERT INTO stator_tally AS t (k, part, slot, count, bytes)
  SELECT k, part, $1::int, count, bytes
  FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) AS given (k, part, count, bytes) ${addsToTally}`;
const tally = `SELECT part, sum(count), sum(bytes), count(*) FROM stator_tally WHERE k = $1 GROUP BY part`;

function scansOf(name: string, order: "ASC" | "DESC"): ScanStatements {
  const range = `FROM stator_entry WHERE k >= $1 AND k < $2 AND v IS NOT NULL ORDER BY k ${order} LIMIT $3`;
  return {
    entries: { name: `scan-${name}`, text: `SELECT k, v ${range}` },
    keys: { name: `scan-keys-${name}`, text: `SELECT k ${range}` },
    bounded: { name: `scan-bounded-${name}`, text: boundedScan(range, order) },
    withKeys: {
      name: `scan-with-keys-${name}`,
      text: `SELECT k, v, NULL::bigint AS there FROM stator_entry WHERE k = ANY($5::bytea[])
  UNION ALL SELECT k, v, there FROM (${boundedScan(range, order)}) AS chunk ORDER BY there NULLS FIRST, k ${order}`,
    },
  };
}

/**
 * Leaves the values unread that a chunk has no room for: the length of a long one is known without it. The last row of
 * those asked for only tells that there is more.
 */
function boundedScan(range: string, order: "ASC" | "DESC"): string {
  return `SELECT k, v, there FROM (
    SELECT k, v, row_number() OVER sofar AS row, sum(octet_length(v)) OVER sofar - octet_length(v) AS bytes,
      count(*) OVER () AS there
    FROM (SELECT k, v ${range}) AS given
    WINDOW sofar AS (ORDER BY k ${order} ROWS UNBOUNDED PRECEDING)
  ) AS measured WHERE row < $3 AND (row = 1 OR bytes < $4) ORDER BY k ${order}`;
}
