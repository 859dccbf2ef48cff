import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { openTestDatabase, type TestDatabase } from "../../../../test/postgres/test-database.ts";
import { wakefulAlarm } from "../../../base/alarm.ts";
import { EngineBusyError, EngineError } from "../../engine.ts";
import type { PostgresOptions } from "../postgres-options.ts";
import { StatementError, type Connection, type Connections } from "./connections.ts";
import { openConnections } from "./open-connections.ts";

const surroundings = { alarm: wakefulAlarm, random: () => Math.random() };
const one = { name: "one", text: "SELECT 1" };
const backend = { name: "backend", text: "SELECT pg_backend_pid()" };
const kill = { name: "kill", text: "SELECT pg_terminate_backend($1::int)" };
const sleep = { name: "sleep", text: "SELECT pg_sleep($1::float8)" };
const begin = { name: "begin", text: "BEGIN" };
const commit = { name: "commit", text: "COMMIT" };

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

/** Runs `body` with connections of its own. */
async function withConnections<T>(
  options: Partial<PostgresOptions>,
  body: (connections: Connections) => Promise<T>,
): Promise<T> {
  const connections = openConnections({ url: database.url, ...options }, surroundings);
  try {
    return await body(connections);
  } finally {
    await connections.close();
  }
}

async function firstColumn(
  connection: Connection,
  statement: { name: string; text: string },
): Promise<unknown> {
  const { rows } = await connection.send(statement);
  return rows[0]?.[0];
}

/** A port of this machine where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The database's URL with these places before its own. */
function urlWith(places: readonly string[]): string {
  return database.url.replace(/@/, `@${places.map((place) => `${place},`).join("")}`);
}

test("rows are lists: numbers as numbers, bytes as bytes, and NULL as null", async () => {
  await withConnections({}, (connections) =>
    connections.with("primary", async (connection) => {
      const statement = {
        name: "all",
        text: "SELECT $1::bytea, 1::int2, 2::int4, 9007199254740991::int8, sum(3::int8), NULL, 'x', true, $2::bytea[] = '{\"\\\\x00\",\"\\\\xff5c22\"}'",
      };
      const bytes = Buffer.from([0, 0x5c, 0x22, 0xff]);
      const { rows, count } = await connection.send(statement, [
        bytes,
        [Buffer.from([0]), Buffer.from([0xff, 0x5c, 0x22])],
      ]);
      assert.deepEqual(rows, [[bytes, 1, 2, 9007199254740991, 3, null, "x", true, true]]);
      assert.equal(count, 1);
    }),
  );
});

test("statements of one turn travel together, those of different turns do not", async () => {
  let flushes = 0;
  await withConnections({ onFlush: () => (flushes += 1) }, async (connections) => {
    await connections.with("primary", async (connection) => {
      await connection.send(one);
      assert.equal(flushes, 1);
      await Promise.all(Array.from({ length: 50 }, () => connection.send(one)));
      assert.equal(flushes, 2);
      await connection.send(one);
      await connection.send(one);
      assert.equal(flushes, 4);
    });
  });
});

test("a statement that fails takes those of its transaction with it, and no others", async () => {
  await withConnections({ connectionsMax: 1 }, async (connections) => {
    const wrong = { name: "wrong", text: "SELECT 1 / $1::int" };
    const reasonOf = async (answer: Promise<unknown>) => {
      try {
        await answer;
        return "done";
      } catch (error) {
        assert.ok(error instanceof StatementError);
        return `${error.reason} ${String(error.code)}`;
      }
    };
    for (let round = 0; round < 2; round++) {
      const answers = await connections.with("primary", (connection) =>
        Promise.all(
          [
            connection.send(wrong, [0]),
            connection.send(one),
            connection.send(begin),
            connection.send(one),
            connection.send(wrong, [0]),
            connection.send(one),
            connection.send({ name: "unparsed", text: "SELEC 1" }),
            connection.send(commit),
            connection.send(wrong, [1]),
          ].map(reasonOf),
        ),
      );
      assert.deepEqual(answers, [
        ...["other 22012", "done", "done", "done", "other 22012", "other 25P02"],
        // The server would answer the COMMIT as if it had been one.
        ...["other 42601", "other 25P02", "done"],
      ]);
    }
  });
});

test("connections are opened when they are needed, up to a bound, and used again", async () => {
  await withConnections({ connectionsMax: 3 }, async (connections) => {
    const pids = new Set<unknown>();
    const slots = new Set<number>();
    const use = () =>
      connections.with("primary", async (connection) => {
        slots.add(connection.slot);
        pids.add(await firstColumn(connection, backend));
        await connection.send(sleep, [0.01]);
      });
    await use();
    await use();
    assert.equal(pids.size, 1);
    await Promise.all(Array.from({ length: 30 }, use));
    assert.equal(pids.size, 3);
    assert.equal(slots.size, 3);
    assert.ok([...slots].every((slot) => slot >= 0 && slot < 2 ** 15));
  });
});

test("a transaction that was left open goes with its connection", async () => {
  await withConnections({ connectionsMax: 1 }, async (connections) => {
    const first = await connections.with("primary", async (connection) => {
      await connection.send(begin);
      return firstColumn(connection, backend);
    });
    const second = await connections.with("primary", (connection) => firstColumn(connection, backend));
    assert.notEqual(first, second);
    const discarded = await connections.with("primary", async (connection) => {
      connection.discard();
      return firstColumn(connection, backend);
    });
    assert.equal(discarded, second);
    const third = await connections.with("primary", (connection) => firstColumn(connection, backend));
    assert.notEqual(third, second);
  });
});

test("who comes when the queue is full, or waits in it for too long, is turned away", async () => {
  await withConnections({ connectionsMax: 1, queueMax: 2, queueMsMax: 100 }, async (connections) => {
    await connections.with("primary", async (connection) => {
      const waiting = [1, 2].map(() => connections.with("primary", (other) => other.send(one)));
      await assert.rejects(
        connections.with("primary", () => assert.fail("it was let in")),
        new EngineBusyError("2 requests wait for a connection to the database already"),
      );
      for (const wait of waiting) {
        await assert.rejects(
          wait,
          new EngineBusyError("no connection to the database became free within 100 ms"),
        );
      }
      await connection.send(one);
    });
    await connections.with("primary", (connection) => connection.send(one));
  });
});

test("a connection that the server ends rejects all that is in flight, and another takes its place", async () => {
  await withConnections({ connectionsMax: 2 }, async (connections) => {
    await connections.with("primary", async (connection) => {
      const pid = await firstColumn(connection, backend);
      const answers = [connection.send(sleep, [60]), connection.send(one), connection.send(commit)];
      const inFlight = Promise.allSettled(answers);
      await connections.with("primary", (other) => other.send(kill, [pid]));
      const outcomes = [...(await inFlight), ...(await Promise.allSettled([connection.send(one)]))];
      for (const outcome of outcomes) {
        const reason: unknown = outcome.status === "rejected" ? outcome.reason : undefined;
        assert.ok(reason instanceof StatementError && reason.reason === "lost", outcome.status);
      }
      await assert.rejects(
        connection.send(one),
        (error) => error instanceof StatementError && error.reason === "lost",
      );
    });
    await connections.with("primary", (connection) => connection.send(one));
  });
});

test("a connection that ends while nobody uses it is not lent", async () => {
  await withConnections({ connectionsMax: 2 }, async (connections) => {
    await connections.with("primary", async (connection) => {
      const pid = await connections.with("primary", (other) => firstColumn(other, backend));
      await connection.send(kill, [pid]);
      await delay(50);
      await connections.with("primary", (other) => other.send(one));
    });
  });
});

test("a server that takes no writes any more is left, and looked at again", async () => {
  // Longer than the longest pause between two looks.
  await withConnections({ connectionsMax: 2, failoverMsMax: 1_500 }, async (connections) => {
    const setReadOnly = (value: string) => ({
      name: `set_${value}`,
      text: `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET default_transaction_read_only = ${value}`,
    });
    const insert = { name: "insert", text: "CREATE TABLE written ()" };
    await connections.with("primary", (connection) => connection.send(setReadOnly("on")));
    await connections.with("primary", async (connection) => {
      await connection.send({ name: "set", text: "SET default_transaction_read_only = on" });
      await assert.rejects(
        connection.send(insert),
        (error) => error instanceof StatementError && error.reason === "read-only" && error.code === "25006",
      );
    });
    const { host } = new URL(database.url);
    await assert.rejects(
      connections.with("primary", (connection) => connection.send(one)),
      new EngineError(`no primary of the database can be used (${host}: takes no writes)`),
    );
    const elsewhere = openConnections({ url: database.url.replace(/\/[^/]*$/, "/postgres") }, surroundings);
    await elsewhere.with("primary", (connection) => connection.send(setReadOnly("off")));
    await elsewhere.close();
    await connections.with("primary", (connection) => connection.send(insert));
  });
});

test("the primary is found behind hosts that are dead, or do not answer", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const places = [`127.0.0.1:${await deadPort()}`, `127.0.0.1:${(silent.address() as AddressInfo).port}`];
  const startMs = performance.now();
  await withConnections({ url: urlWith(places), connectMsMax: 2_000 }, async (connections) => {
    await connections.with("primary", (connection) => connection.send(one));
    await connections.with("standby", (connection) => connection.send(one));
    assert.ok(performance.now() - startMs < 1_500);
  });
  silent.close();
});

test("where there is no primary, all hosts and their reasons are told, without the password", async () => {
  const [refusing, silentServer] = [await deadPort(), createServer().listen(0, "127.0.0.1")];
  await new Promise((resolve) => silentServer.once("listening", resolve));
  const { port } = silentServer.address() as AddressInfo;
  const url = `postgres://ann:secret@127.0.0.1:${refusing},127.0.0.1:${port}/tables`;
  await withConnections({ url, connectMsMax: 100, failoverMsMax: 400 }, async (connections) => {
    const message = await connections.with("primary", () => assert.fail("it was let in")).catch(String);
    assert.equal(
      message,
      `EngineError: no primary of the database can be used (127.0.0.1:${refusing}: connect ECONNREFUSED 127.0.0.1:${refusing}; ` +
        `127.0.0.1:${port}: no answer within 0.1 seconds)`,
    );
  });
  silentServer.close();
});

test("however many wait, servers that cannot be reached are tried again one after another", async () => {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `postgres://127.0.0.1:${(server.address() as AddressInfo).port}/tables?sslmode=disable`;
  const counts: number[] = [];
  for (const waiters of [1, 16]) {
    attempts = 0;
    await withConnections({ url, failoverMsMax: 1_500 }, async (connections) => {
      const waiting = Array.from({ length: waiters }, () => connections.with("primary", () => assert.fail()));
      for (const wait of waiting) await assert.rejects(wait, EngineError);
    });
    counts.push(attempts);
  }
  server.close();
  const [alone = 0, together = 0] = counts;
  assert.ok(together <= 2 * alone + 2, `${alone} and ${together} attempts`);
});

test("what no waiting changes is told at once", async () => {
  const { host } = new URL(database.url);
  await withConnections({ url: database.url.replace(/[^/]*$/, "nowhere") }, async (connections) => {
    const startMs = performance.now();
    await assert.rejects(
      connections.with("primary", (connection) => connection.send(one)),
      new EngineError(`no primary of the database can be used (${host}: database "nowhere" does not exist)`),
    );
    assert.ok(performance.now() - startMs < 2_000);
  });
});

test("eventual reads go to the other hosts, and to the primary while there are none", async () => {
  // Another name of the same server stands in for a standby.
  const url = urlWith([`localhost:${new URL(database.url).port}`]).replace(/$/, "?sslmode=disable");
  await withConnections({ url, eventualReads: "standby", connectionsMax: 1 }, async (connections) => {
    const primary = await connections.with("primary", (connection) => firstColumn(connection, backend));
    const standby = await connections.with("standby", (connection) => firstColumn(connection, backend));
    assert.notEqual(primary, standby);
    assert.equal(
      await connections.with("standby", (connection) => firstColumn(connection, backend)),
      standby,
    );
  });
  const dead = urlWith([`127.0.0.1:${await deadPort()}`]);
  await withConnections({ url: dead, eventualReads: "standby", connectionsMax: 1 }, async (connections) => {
    const primary = await connections.with("primary", (connection) => firstColumn(connection, backend));
    for (let round = 0; round < 3; round++) {
      assert.equal(
        await connections.with("standby", (connection) => firstColumn(connection, backend)),
        primary,
      );
    }
  });
});

test("standbys that nobody named are not read from", () => {
  assert.throws(
    () => openConnections({ url: database.url, eventualReads: "standby" }, surroundings),
    new EngineError("eventual reads from standbys need a URL of the database that names all its hosts"),
  );
});

test("sessions say who they are, and give up locks that nobody will free", async () => {
  await withConnections({ url: `${database.url}?schema=My"Tables` }, (connections) =>
    connections.with("primary", async (connection) => {
      const names =
        "application_name default_transaction_isolation statement_timeout lock_timeout idle_in_transaction_session_timeout search_path tcp_keepalives_idle".split(
          " ",
        );
      const statement = {
        name: "settings",
        text: `SELECT ${names.map((name) => `current_setting('${name}')`).join()}`,
      };
      const { rows } = await connection.send(statement);
      assert.deepEqual(rows, [["stator", "read committed", "0", "20s", "10s", '"My""Tables"', "10"]]);
    }),
  );
});

test("close waits for what is lent and for who waits, and nothing comes after it", async () => {
  const connections = openConnections({ url: database.url, connectionsMax: 1 }, surroundings);
  const served: string[] = [];
  const first = connections.with("primary", async (connection) => {
    await connection.send(sleep, [0.1]);
    served.push("lent");
  });
  const second = connections.with("primary", async (connection) => {
    await connection.send(one);
    served.push("waited");
  });
  await connections.close();
  assert.deepEqual(served, ["lent", "waited"]);
  await Promise.all([first, second]);
  await assert.rejects(
    connections.with("primary", () => assert.fail("it was let in")),
    EngineError,
  );
});
