/** What becomes of work when connections go, and of databases that are not what they should be. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { Client } from "pg";
import { openTestEngines } from "../../../test/postgres/test-engines.ts";
import { bytes, entriesOf, get, getIn, putAll } from "../contract/contract-case.ts";
import { EngineBusyError, EngineError, type Engine } from "../engine.ts";

const engines = await openTestEngines();
const url = engines.newUrl();
const engine = await engines.open({ url, connectionsMax: 4 });
const other = await engines.open({ url });
const client = clientOf(url);

before(() => client.connect());
after(async () => {
  await client.end();
  await engine.close();
  await other.close();
  await engines.close();
});

function clientOf(address: string): Client {
  const { hostname, port, username, pathname } = new URL(address);
  return new Client({ host: hostname, port: Number(port), user: username, database: pathname.slice(1) });
}

/** Ends the connections that wait for a lock, as soon as there is one. Answers how many there were. */
async function endWaiting(): Promise<number> {
  for (;;) {
    const { rowCount } = await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`);
    if (rowCount !== null && rowCount > 0) return rowCount;
    await setTimeout(2);
  }
}

/** Has the other server hold keys while `use` runs. */
async function whileHeld(keys: readonly string[], use: () => Promise<void>): Promise<void> {
  await other.write(async (transaction) => {
    await transaction.getMany(keys.map(bytes));
    await use();
  });
}

const exchange = {
  key: bytes("a"),
  value: bytes("\0\0\0\x05new"),
  guard: { key: bytes("guard"), value: bytes("g") },
  tally: { key: bytes("~"), part: 0, sizeAt: 0 },
};
const outcomeUnknown = { name: "EngineError", message: "the database did not tell whether it committed" };

describe("when connections go", { concurrency: false }, () => {
  test("a body runs again as long as its commit was not sent", async () => {
    await putAll(engine, { guard: "g", a: "1" });
    let runs = 0;
    await whileHeld(["a"], async () => {
      const writing = engine.write(async (transaction) => {
        runs += 1;
        // The first one waits for the other server and never gets an answer.
        const before = await getIn(transaction, runs === 1 ? "a" : "b");
        transaction.put(bytes("b"), bytes(`${before} ${runs}`));
      });
      await endWaiting();
      await writing;
    });
    assert.equal(await get(engine, "b"), "undefined 2");
  });

  test("one-shot reads and views go on with others", async () => {
    await putAll(engine, { a: "1" });
    await Promise.all([1, 2, 3, 4].map(() => engine.read((view) => getIn(view, "a"))));
    const isOurs = `datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'`;
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${isOurs}`);
    await setTimeout(50);
    assert.deepEqual((await engine.getMany([bytes("a")])).map(String), [String(bytes("1"))]);
    assert.equal(await get(engine, "a"), "1");
  });

  test("a view that has seen nothing yet begins again with another", async () => {
    await putAll(engine, { a: "1" });
    const blocker = clientOf(url);
    await blocker.connect();
    await blocker.query(`BEGIN; LOCK TABLE ${new URL(url).searchParams.get("schema")}.stator_entry`);
    const reading = engine.read((view) => getIn(view, "a"));
    await endWaiting();
    await blocker.query("ROLLBACK");
    await blocker.end();
    assert.equal(await reading, "1");
  });

  test("the outcome of a commit under way is unknown", async () => {
    await putAll(engine, { guard: "g", a: "1" });
    const commits: readonly ((engine: Engine) => Promise<unknown>)[] = [
      (one) => putAll(one, { a: "2" }),
      (one) => one.exchange(exchange),
    ];
    for (const commit of commits) {
      await whileHeld(["a"], async () => {
        const committing = commit(engine);
        await Promise.all([assert.rejects(committing, outcomeUnknown), endWaiting()]);
      });
      assert.equal(await get(engine, "a"), "1");
    }
  });

  test("a body that swallows the failure of its read does not commit", async () => {
    await putAll(engine, { a: "1", b: "1" });
    let runs = 0;
    await whileHeld(["a"], async () => {
      const writing = engine.write(async (transaction) => {
        runs += 1;
        if (runs === 1) await getIn(transaction, "a").catch(() => undefined);
        transaction.put(bytes("b"), bytes(`run ${runs}`));
      });
      await endWaiting();
      await writing;
    });
    assert.equal(await get(engine, "b"), "run 2");
  });
});

describe("when others are in the way", { concurrency: false }, () => {
  test("more requests than may wait are turned away", async () => {
    const narrow = await engines.open({ url, queueMax: 5 });
    try {
      await putAll(engine, { guard: "g", a: "1" });
      let results: PromiseSettledResult<unknown>[] = [];
      await whileHeld(["a"], async () => {
        const exchanges = Array.from({ length: 20 }, () => narrow.exchange(exchange));
        const settling = Promise.allSettled(exchanges);
        await Promise.race(exchanges.map((one) => one.catch(() => undefined)));
        void settling.then((settled) => (results = settled));
      });
      while (results.length === 0) await setTimeout(5);
      const turnedAway = results.filter(
        (result) => result.status === "rejected" && result.reason instanceof EngineBusyError,
      );
      assert.ok(turnedAway.length >= 10 && turnedAway.length < 20, `${turnedAway.length} turned away`);
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 20 - turnedAway.length);
    } finally {
      await narrow.close();
    }
  });
});

describe("a database", { concurrency: false }, () => {
  test("holds keys up to the limit of an index entry, whatever their bytes", async () => {
    const { keyBytesMax } = engine.limits;
    const key = randomBytes(keyBytesMax);
    await engine.write((transaction) => {
      transaction.put(key, bytes("v"));
      return Promise.resolve();
    });
    assert.deepEqual((await engine.getMany([key])).map(String), [String(bytes("v"))]);
    const tooLong = [randomBytes(keyBytesMax + 1), "x"];
    const insert = `INSERT INTO ${new URL(url).searchParams.get("schema")}.stator_entry VALUES ($1, $2)`;
    await assert.rejects(client.query(insert, tooLong), /exceeds btree/);
    await engine.write((transaction) => {
      transaction.delete(key);
      return Promise.resolve();
    });
  });

  test("of a later format is refused", async () => {
    const later = engines.newUrl();
    await (await engines.open({ url: later })).close();
    await client.query(`UPDATE ${new URL(later).searchParams.get("schema")}.stator_format SET version = 2`);
    await assert.rejects(engines.open({ url: later }), {
      name: "EngineError",
      message: "the database has format 2, this program reads up to 1",
    });
  });

  test("without the right to make tables is refused with the server's reason, and served if they are there", async () => {
    const address = new URL(url);
    await client.query("CREATE ROLE reader_of_tests LOGIN");
    try {
      address.username = "reader_of_tests";
      // Only a superuser may set what our tests set.
      address.searchParams.delete("options");
      address.searchParams.set("schema", "not_there");
      await assert.rejects(engines.open({ url: address.href }), (error) => {
        return error instanceof EngineError && /permission denied/.test(error.message);
      });
      const schema = new URL(url).searchParams.get("schema") ?? "";
      await client.query(`GRANT USAGE ON SCHEMA ${schema} TO reader_of_tests`);
      await client.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO reader_of_tests`,
      );
      address.searchParams.set("schema", schema);
      const served = await engines.open({ url: address.href });
      await putAll(served, { z: "1" });
      assert.equal((await entriesOf(served))["z"], "1");
      await served.close();
    } finally {
      await client.query("DROP OWNED BY reader_of_tests");
      await client.query("DROP ROLE reader_of_tests");
    }
  });
});
