import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { skipWithoutPostgres } from "../../../../test/postgres/binaries.ts";
import { startCluster, type Cluster, type NodeName } from "../../../../test/postgres/cluster.ts";
import { wakefulAlarm } from "../../../base/alarm.ts";
import type { PostgresOptions } from "../postgres-options.ts";
import { StatementError, type Connection, type Connections } from "./connections.ts";
import { openConnections } from "./open-connections.ts";

const skip =
  process.env["STATOR_TEST_POSTGRES_URL"] === undefined ? skipWithoutPostgres : "meets another server";
const surroundings = { alarm: wakefulAlarm, random: () => Math.random() };
const where = {
  name: "where",
  text: "SELECT current_setting('port')::int, pg_is_in_recovery()",
};
const sleep = { name: "sleep", text: "SELECT pg_sleep(60)" };
const portOf = (cluster: Cluster, name: NodeName) => Number(new URL(cluster.urlOf(name)).port);

async function placeOf(connection: Connection): Promise<readonly unknown[]> {
  const { rows } = await connection.send(where);
  return rows[0] ?? [];
}

function isLost(error: unknown): boolean {
  return error instanceof StatementError && error.reason === "lost";
}

/** Resolves once the server process `id` does. */
async function waitsForStandby(connections: Connections, id: unknown): Promise<void> {
  const event = { name: "event", text: "SELECT wait_event FROM pg_stat_activity WHERE pid = $1" };
  for (;;) {
    const { rows } = await connections.with("primary", (connection) => connection.send(event, [id]));
    if (rows[0]?.[0] === "SyncRep") return;
    await delay(10);
  }
}

describe("of a cluster that changes", { skip }, () => {
  let cluster: Cluster;
  let primary: NodeName = "a";
  before(async () => {
    cluster = await startCluster();
  });
  after(() => cluster.close());

  const open = (options: Partial<PostgresOptions> = {}): Connections =>
    openConnections(
      { url: cluster.url, connectionsMax: 2, connectMsMax: 500, eventualReads: "standby", ...options },
      surroundings,
    );
  const others = () => (["a", "b", "c"] as const).filter((name) => name !== primary);
  const standbys = async (connections: Connections) => {
    await connections.with("primary", placeOf);
    const places = await Promise.all([1, 2, 3, 4].map(() => connections.with("standby", placeOf)));
    assert.ok(places.every(([, isInRecovery]) => isInRecovery === true));
    return new Set(places.map(([port]) => port));
  };

  test("the primary is lent for writing and the standbys, in turn, for eventual reads", async () => {
    const connections = open();
    assert.deepEqual(await connections.with("primary", placeOf), [portOf(cluster, "a"), false]);
    assert.deepEqual(await standbys(connections), new Set(others().map((name) => portOf(cluster, name))));
    await connections.close();
  });

  test("a commit that was told to wait for standbys no longer is lost, however it is answered", async () => {
    const connections = open();
    const backend = { name: "backend", text: "SELECT pg_backend_pid()" };
    await connections.with("primary", (connection) =>
      connection.send({ name: "make", text: "CREATE TABLE written (number int)" }),
    );
    const insert = { name: "insert", text: "INSERT INTO written VALUES (1)" };
    const commits = [
      (connection: Connection) => connection.send(insert),
      async (connection: Connection) => {
        const begun = [connection.send({ name: "begin", text: "BEGIN" }), connection.send(insert)];
        await connection.send({ name: "commit", text: "COMMIT" });
        await Promise.all(begun);
      },
    ];
    for (const name of others()) cluster.freeze(name);
    for (const commit of commits) {
      for (const end of ["cancel", "terminate"]) {
        await connections.with("primary", async (connection) => {
          const { rows } = await connection.send(backend);
          const lost = assert.rejects(commit(connection), isLost);
          await waitsForStandby(connections, rows[0]?.[0]);
          const statement = { name: end, text: `SELECT pg_${end}_backend($1)` };
          await connections.with("primary", (other) => other.send(statement, rows[0]));
          await lost;
        });
      }
    }
    for (const name of others()) cluster.thaw(name);
    await connections.close();
  });

  test("a primary that dies loses what is in flight, and who waits gets the next one", async () => {
    const connections = open();
    await connections.with("primary", async (connection) => {
      const lost = assert.rejects(connection.send(sleep), isLost);
      await cluster.kill("a");
      await lost;
    });
    const waiting = [1, 2, 3].map(() => connections.with("primary", placeOf));
    primary = await cluster.promote();
    for (const place of waiting) assert.deepEqual(await place, [portOf(cluster, primary), false]);
    assert.equal((await standbys(connections)).size, 1);
    await cluster.rejoin("a");
    await connections.close();
  });

  test("behind a proxy, connections to a primary that was overtaken are left", async () => {
    const old = primary;
    let port = portOf(cluster, primary);
    const proxy = createServer((socket) => {
      const onward = connect(port, "127.0.0.1");
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) {
        end.on("error", () => undefined);
        end.on("close", () => {
          socket.destroy();
          onward.destroy();
        });
      }
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const { port: proxyPort } = proxy.address() as AddressInfo;
    const { username, pathname } = new URL(cluster.urlOf("a"));
    const url = `postgres://${username}@127.0.0.1:${proxyPort}${pathname}`;
    const connections = open({ url, eventualReads: "primary" });
    await connections.with("primary", async (connection) => {
      cluster.freeze(old);
      const lost = assert.rejects(placeOf(connection), isLost);
      primary = await cluster.promote();
      port = portOf(cluster, primary);
      await lost;
    });
    assert.deepEqual(await connections.with("primary", placeOf), [port, false]);
    await connections.close();
    proxy.close();
    await cluster.kill(old);
    await cluster.rejoin(old);
  });

  test("a primary that stands still is left for the next one", async () => {
    const connections = open({ failoverMsMax: 1_000 });
    await connections.with("primary", placeOf);
    const old = primary;
    cluster.freeze(old);
    const lost = assert.rejects(connections.with("primary", placeOf), isLost);
    primary = await cluster.promote();
    await lost;
    assert.deepEqual(await connections.with("primary", placeOf), [portOf(cluster, primary), false]);
    await cluster.kill(old);

    // It comes back as what it was, and would take writes that nobody else sees.
    await cluster.restart(old);
    await cluster.kill(primary);
    for (let round = 0; round < 4; round++) {
      assert.equal((await connections.with("standby", placeOf))[1], true);
    }
    const message = await connections.with("primary", placeOf).catch(String);
    assert.match(String(message), /is on timeline \d, and another server was promoted to \d since/);
    await connections.close();
  });
});
