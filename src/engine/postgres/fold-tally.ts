import { bufferOf } from "../../base/bytes.ts";
import { numberArray } from "./bytea.ts";
import type { Connection, Statement } from "./connections/connections.ts";
import { sendCommit } from "./send-commit.ts";
import type { Statements } from "./statements.ts";

/** One part of one tally. */
export interface TallyPart {
  readonly key: Uint8Array;
  readonly part: number;
}

/**
 * A part with more rows than this is folded into one when it is read: connections add to rows of their own, which stay
 * when their server is gone.
 */
export const rowsMax = 256;

const holdRows: Statement = {
  name: "fold-hold",
  text: "SELECT slot, count, bytes FROM stator_tally WHERE k = $1 AND part = $2 ORDER BY slot FOR UPDATE",
};
const setRow: Statement = {
  name: "fold-set",
  text: "UPDATE stator_tally SET count = $4, bytes = $5 WHERE k = $1 AND part = $2 AND slot = $3",
};
const removeRows: Statement = {
  name: "fold-remove",
  text: "DELETE FROM stator_tally WHERE k = $1 AND part = $2 AND slot = ANY($3::int[])",
};

/** Adds up the rows of a part in the first of them, whoever else adds meanwhile. */
export async function foldTally(
  connection: Connection,
  statements: Statements,
  { key, part }: TallyPart,
): Promise<void> {
  const place = [bufferOf(key), part];
  const begun = connection.send(statements.beginTransaction);
  const [, { rows }] = await Promise.all([begun, connection.send(holdRows, place)]);
  const held = rows.map(([slot, count, bytes]) => ({
    slot: Number(slot),
    count: Number(count),
    bytes: Number(bytes),
  }));
  // A row that came since is not among them, and stays.
  const [first, ...others] = held;
  const sum = (amount: "count" | "bytes") => held.reduce((total, row) => total + row[amount], 0);
  const writes =
    first === undefined
      ? []
      : [
          { statement: setRow, values: [...place, first.slot, sum("count"), sum("bytes")] },
          { statement: removeRows, values: [...place, numberArray(others.map(({ slot }) => slot))] },
        ];
  await sendCommit(connection, statements, { writes });
}
