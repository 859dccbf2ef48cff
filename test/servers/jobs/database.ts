import { Pool } from "pg";
import type { KeyRange } from "../../../src/engine/engine.ts";
import { tableNameKey } from "../../../src/store/keyspace.ts";
import { decodeStamp } from "../../../src/store/table-stamp.ts";

/** A look past the servers at what they keep. */
export interface Database {
  tableId(name: string): Promise<number>;
  entriesIn(range: KeyRange): Promise<number>;
  close(): Promise<void>;
}

const scope = { accountId: "000000000000", region: "us-east-1" };

export function openDatabase(url: string): Database {
  const client = new Pool({ connectionString: url, max: 4 });
  return {
    async tableId(name) {
      const key = Buffer.from(tableNameKey(scope, name));
      const { rows } = await client.query<{ v: Buffer }>("SELECT v FROM stator_entry WHERE k = $1", [key]);
      return decodeStamp(rows[0]?.v ?? Buffer.alloc(0));
    },
    async entriesIn({ from, until }) {
      const bounds = [Buffer.from(from), Buffer.from(until)];
      const text = "SELECT count(*)::int AS count FROM stator_entry WHERE k >= $1 AND k < $2";
      const { rows } = await client.query<{ count: number }>(text, bounds);
      return rows[0]?.count ?? 0;
    },
    close: () => client.end(),
  };
}
