import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "pg";
import { skipWithoutPostgres } from "./binaries.ts";
import { openTestDatabase } from "./test-database.ts";

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

test(
  "databases of tests are empty, apart from each other, and gone at once",
  { skip: skipWithoutPostgres },
  async () => {
    const [one, other] = await Promise.all([openTestDatabase(), openTestDatabase()]);
    const client = await connect(one.url);
    await client.query("CREATE TABLE entry (k bytea PRIMARY KEY)");
    const neighbour = await connect(other.url);
    await assert.rejects(neighbour.query("SELECT 1 FROM entry"), { code: "42P01" });
    await neighbour.end();
    await other.close();
    await one.close();
    await assert.rejects(client.query("SELECT 1"), /terminat|closed|not queryable/);
    await assert.rejects(connect(one.url), { code: "3D000" });
  },
);

test("text is compared byte by byte, and any text can be stored", { skip: skipWithoutPostgres }, async () => {
  const database = await openTestDatabase();
  const client = await connect(database.url);
  const { rows } = await client.query<{ list: string }>(
    "SELECT string_agg(x, '' ORDER BY x) AS list FROM unnest(ARRAY['b', 'é', 'B', 'a', '😀']) AS x",
  );
  assert.deepEqual(rows, [{ list: "Babé😀" }]);
  await client.end();
  await database.close();
});
