import type { Statement } from "./connections/connections.ts";
import { addsToTally, queueing } from "./statements.ts";

/** What an exchange wants the entry to hold until then: anything, nothing, or a value. */
export const expects = { anything: 0, nothing: 1, value: 2 } as const;

export const outcomes = { done: "d", refused: "r", changed: "c", undecided: "u" } as const;

/**
 * Several exchanges of different keys as one statement, hence one transaction.
 *
 * Its parts must happen in this order: guards are held, the old rows are held, rows are written. What is to be written
 * therefore asks for a count of what is held, which the server works out before it writes the first row; a row held
 * after the statement itself wrote it would not be found. Held rows are the newest, not those of the statement's
 * moment. A row that came into being between the two is in nobody's sight: the write finds it in its way, sees that it
 * is not among the old ones, and leaves it alone. Nor does a deletion know what to make of a row it did not see. Such
 * exchanges stay undecided.
 */
export function exchangeStatement(deletes: boolean): Statement {
  return {
    name: deletes ? "exchange-deletes" : "exchange",
    text: `WITH given AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::bytea[], $2::bytea[], $3::bigint[], $4::int[], $5::int[], $6::int[], $12::bytea[], $13::int[]
  ) AS given (k, v, size, size_at, guard, tally, expected, expects)
), held AS MATERIALIZED (
  SELECT k, v FROM stator_entry WHERE k = ANY($7::bytea[]) AND ${queueing("shared", "$7::bytea[]")} ORDER BY k FOR SHARE
), guarded AS MATERIALIZED (
  SELECT given.* FROM given
  JOIN unnest($7::bytea[], $8::bytea[]) WITH ORDINALITY AS guard (k, v, n) ON guard.n = given.guard
  JOIN held ON held.k = guard.k AND held.v = guard.v
), old AS MATERIALIZED (
  SELECT k, v FROM stator_entry
  WHERE k = ANY($1::bytea[]) AND (SELECT count(*) FROM held) >= 0 ORDER BY k FOR UPDATE
), apt AS MATERIALIZED (
  SELECT guarded.* FROM guarded LEFT JOIN old ON old.k = guarded.k
  WHERE expects = ${expects.anything} OR expects = ${expects.nothing} AND old.v IS NULL OR old.v = expected
), put AS (
  INSERT INTO stator_entry AS entry (k, v)
  SELECT k, v FROM apt WHERE (SELECT count(*) FROM old) >= 0${deletes ? " AND v IS NOT NULL" : ""} ORDER BY k
  ON CONFLICT (k) DO UPDATE SET v = excluded.v WHERE entry.k IN (SELECT k FROM old)
  RETURNING k
), ${deletes ? deleted : ""}done AS (
  SELECT apt.k, apt.tally, count, bytes FROM apt
  JOIN ${deletes ? "(SELECT k FROM put UNION ALL SELECT k FROM gone)" : "put"} AS written ON written.k = apt.k
  LEFT JOIN old ON old.k = apt.k,
  LATERAL (SELECT
    CASE WHEN apt.v IS NULL THEN 0 ELSE 1 END - CASE WHEN old.v IS NULL THEN 0 ELSE 1 END AS count,
    apt.size - coalesce(${sizeIn("old.v", "apt.size_at")}, 0) AS bytes
  ) AS difference
), counted AS (
  INSERT INTO stator_tally AS t (k, part, slot, count, bytes)
  SELECT tally.k, tally.part, $9::int, sum(done.count), sum(done.bytes) FROM done
  JOIN unnest($10::bytea[], $11::bigint[]) WITH ORDINALITY AS tally (k, part, n) ON tally.n = done.tally
  WHERE done.count <> 0 OR done.bytes <> 0
  GROUP BY tally.k, tally.part ORDER BY tally.k, tally.part
  ${addsToTally}
)
SELECT CASE
  WHEN done.k IS NOT NULL THEN '${outcomes.done}' WHEN guarded.k IS NULL THEN '${outcomes.refused}'
  WHEN apt.k IS NULL THEN '${outcomes.changed}' ELSE '${outcomes.undecided}' END,
  CASE WHEN done.k IS NOT NULL AND given.expects = ${expects.anything} THEN old.v END
FROM given LEFT JOIN guarded ON guarded.k = given.k LEFT JOIN apt ON apt.k = given.k
LEFT JOIN done ON done.k = given.k LEFT JOIN old ON old.k = given.k ORDER BY given.k`,
  };
}

const deleted = `gone AS (
  DELETE FROM stator_entry WHERE k = ANY (ARRAY(
    SELECT apt.k FROM apt JOIN old ON old.k = apt.k WHERE apt.v IS NULL AND old.v IS NOT NULL))
  RETURNING k
), `;

/** Four bytes of a value as a number; of a long value the rest is not read. */
function sizeIn(value: string, at: string): string {
  return `('x' || encode(substring(${value} FROM ${at} + 1 FOR 4), 'hex'))::bit(32)::bigint`;
}
