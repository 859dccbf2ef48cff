import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "pg";
import { skipWithoutPostgres } from "./binaries.ts";
import { startCluster, type Cluster, type NodeName } from "./cluster.ts";

const skip =
  process.env["STATOR_TEST_POSTGRES_URL"] === undefined ? skipWithoutPostgres : "meets another server";

async function query(cluster: Cluster, name: NodeName, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: cluster.urlOf(name) });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: statement, rowMode: "array" });
    return rows.flat();
  } finally {
    await client.end();
  }
}

test("a cluster outlives its primary, and takes it back as a standby", { skip }, async () => {
  const cluster = await startCluster();
  try {
    await query(cluster, "a", "CREATE TABLE entry (k int PRIMARY KEY)");
    const client = new Client({ connectionString: cluster.urlOf("a") });
    client.on("error", () => undefined);
    await client.connect();
    let acknowledged = 0;
    let killed: Promise<void> | undefined;
    const writing = (async () => {
      for (;;) {
        await client.query("INSERT INTO entry VALUES ($1)", [acknowledged + 1]);
        acknowledged += 1;
        if (acknowledged === 50) killed = cluster.kill("a");
      }
    })();
    await assert.rejects(writing);
    await killed;
    await assert.rejects(query(cluster, "a", "SELECT 1"), { code: "ECONNREFUSED" });

    const primary = await cluster.promote();
    assert.notEqual(primary, "a");
    const [count] = await query(cluster, primary, "SELECT count(*)::int FROM entry");
    // The last one may be there without having been acknowledged.
    assert.ok(
      count === acknowledged || count === acknowledged + 1,
      `${String(count)} of ${String(acknowledged)}`,
    );

    await query(cluster, primary, "INSERT INTO entry VALUES (1000000)");
    await cluster.rejoin("a");
    const standby = primary === "b" ? "c" : "b";
    assert.deepEqual(
      await query(cluster, primary, "SELECT application_name FROM pg_stat_replication ORDER BY 1"),
      ["a", standby],
    );
    assert.deepEqual(await query(cluster, "a", "SELECT pg_is_in_recovery(), max(k) FROM entry"), [
      true,
      1_000_000,
    ]);

    await cluster.kill(standby);
    await query(cluster, primary, "INSERT INTO entry VALUES (1000001)");
    await cluster.kill(primary);
    assert.equal(await cluster.promote(), "a");
    assert.deepEqual(await query(cluster, "a", "SELECT max(k) FROM entry"), [1_000_001]);
  } finally {
    await cluster.close();
  }
});

test("a server that is started again has what it acknowledged", { skip }, async () => {
  const cluster = await startCluster();
  try {
    await query(cluster, "a", "CREATE TABLE entry AS SELECT 1 AS k");
    await cluster.kill("a");
    await cluster.restart("a");
    assert.deepEqual(await query(cluster, "a", "SELECT pg_is_in_recovery(), k FROM entry"), [false, 1]);
  } finally {
    await cluster.close();
  }
});
