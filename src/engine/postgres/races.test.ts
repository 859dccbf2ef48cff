/** What goes wrong in a database of many servers unless each takes care. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { after, describe, test } from "node:test";
import { openTestEngines } from "../../../test/postgres/test-engines.ts";
import { bytes, entriesOf, get, getIn, putAll, text } from "../contract/contract-case.ts";
import { EngineBusyError, type Engine, type Exchange, type Exchanged } from "../engine.ts";
import type { PostgresOptions } from "./postgres-options.ts";

const engines = await openTestEngines();
after(() => engines.close());

/** Several servers on one database. */
async function withServers(
  options: readonly Partial<PostgresOptions>[],
  use: (servers: readonly Engine[]) => Promise<void>,
): Promise<void> {
  const url = engines.newUrl();
  const servers = await Promise.all(options.map((own) => engines.open({ url, ...own })));
  try {
    await use(servers);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

const few = { connectionsMax: 2 };
const many = { connectionsMax: 8 };

const tallyKey = bytes("~tally");
const guard = { key: bytes("!guard"), value: bytes("g") };

/** A value that holds its size in its first four bytes, as exchanges want. */
function sized(value: string): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(value.length);
  return Buffer.concat([size, Buffer.from(value)]);
}

function exchangeOf(key: string, value: string | undefined): Exchange {
  return {
    key: bytes(key),
    value: value === undefined ? undefined : sized(value),
    guard,
    tally: { key: tallyKey, part: 3, sizeAt: 0 },
  };
}

function before(exchanged: Exchanged): string | undefined {
  assert.equal(exchanged.kind, "done");
  return text(exchanged.before)?.slice(4);
}

async function exchangeNow(engine: Engine, key: string, value: string | undefined) {
  return before(await untilFree(() => engine.exchange(exchangeOf(key, value))));
}

/** The same as a transaction. */
async function exchangeSlowly(engine: Engine, key: string, value: string | undefined) {
  return untilFree(() =>
    engine.write(async (transaction) => {
      const old = (await getIn(transaction, key))?.slice(4);
      if (value === undefined) transaction.delete(bytes(key));
      else transaction.put(bytes(key), sized(value));
      const count = (value === undefined ? 0 : 1) - (old === undefined ? 0 : 1);
      transaction.add(tallyKey, 3, { count, bytes: (value?.length ?? 0) - (old?.length ?? 0) });
      return old;
    }),
  );
}

async function untilFree<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof EngineBusyError)) throw error;
    }
  }
}

async function assertTallyIsOf(engine: Engine, values: readonly (string | undefined)[]): Promise<void> {
  const left = values.filter((value) => value !== undefined);
  const tally = await engine.read((view) => view.tally(tallyKey));
  assert.deepEqual(tally.get(3) ?? { count: 0, bytes: 0 }, {
    count: left.length,
    bytes: left.reduce((sum, value) => sum + value.length, 0),
  });
}

async function valuesOf(engine: Engine, keys: readonly string[]): Promise<(string | undefined)[]> {
  const values = await engine.getMany(keys.map(bytes));
  return values.map((value) => text(value)?.slice(4));
}

/** The same sequence each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

describe("servers on one database", { concurrency: false }, () => {
  test("who wants a key alone gets it, though there is always somebody who has a share", async () => {
    await withServers([many, many], async (servers) => {
      const [first] = servers;
      assert.ok(first !== undefined);
      await putAll(first, { version: "1" });
      let isOver = false;
      const share = async (engine: Engine) => {
        while (!isOver) {
          await engine.write(async (transaction) => {
            await transaction.getMany([bytes("version")], "shared");
            await setTimeout(20);
          });
        }
      };
      const sharers = servers.flatMap((engine) => [1, 2, 3, 4, 5].map(() => share(engine)));
      await setTimeout(100);
      const changing = first.write(async (transaction) => {
        await transaction.getMany([bytes("version")], "sole");
        transaction.put(bytes("version"), bytes("2"));
        return "changed";
      });
      const outcome = await Promise.race([changing, setTimeout(5_000, "waits for ever")]);
      isOver = true;
      await Promise.all([...sharers, changing]);
      assert.equal(outcome, "changed");
    });
  });

  test("who each put one entry because another is absent do not both put", async () => {
    await withServers([many, many], async (servers) => {
      const pairs = Array.from({ length: 400 }, (_, index) => [`x${index}`, `y${index}`] as const);
      const putUnless = (engine: Engine, absent: string, key: string) =>
        engine.write(async (transaction) => {
          if ((await getIn(transaction, absent)) === undefined) transaction.put(bytes(key), bytes("1"));
        });
      const [one, other] = servers;
      assert.ok(one !== undefined && other !== undefined);
      await Promise.all(pairs.flatMap(([x, y]) => [putUnless(one, x, y), putUnless(other, y, x)]));
      const left = await entriesOf(one);
      assert.deepEqual(
        pairs.filter(([x, y]) => x in left === y in left),
        [],
      );
    });
  });

  for (const pools of [[few], [few, few], [many, many]]) {
    const title = `exchanges and transactions chain up, none loses what another wrote, ${pools.length} servers of ${String(pools[0]?.connectionsMax)} connections`;
    test(title, async () => {
      await withServers(pools, async (servers) => {
        const [first] = servers;
        assert.ok(first !== undefined);
        await putAll(first, { "!guard": "g" });
        const keys = ["a", "b", "c", "d", "e"];
        const next = numbers(pools.length);
        const given = new Map<string, (string | undefined)[]>(keys.map((key) => [key, [undefined]]));
        const seen = new Map<string, (string | undefined)[]>(keys.map((key) => [key, []]));
        const work = Array.from({ length: 600 }, async (_, index) => {
          const key = keys[next(keys.length)] ?? "a";
          const value = next(4) === 0 ? undefined : `${index} ${"x".repeat(next(30))}`;
          const exchange = next(3) === 0 ? exchangeSlowly : exchangeNow;
          given.get(key)?.push(value);
          seen.get(key)?.push(await exchange(servers[index % servers.length] ?? first, key, value));
        });
        await Promise.all(work);
        const left = await valuesOf(first, keys);
        for (const [index, key] of keys.entries()) {
          // Each value was replaced once, or is left; each absence as well.
          const all = [...(seen.get(key) ?? []), left[index]].map(String).toSorted();
          assert.deepEqual(all, (given.get(key) ?? []).map(String).toSorted());
        }
        await assertTallyIsOf(first, left);
      });
    });
  }

  test("bodies that read in opposite orders, in several calls, lose nothing although they lock each other up", async () => {
    await withServers([many, few], async (servers) => {
      const keys = ["a", "b", "c"];
      const work = Array.from({ length: 24 }, (_, index) => {
        const engine = servers[index % 2];
        assert.ok(engine !== undefined);
        const order = index % 4 < 2 ? keys : keys.toReversed();
        return untilFree(() =>
          engine.write(async (transaction) => {
            for (const key of order) {
              const count = Number((await getIn(transaction, key)) ?? 0);
              transaction.put(bytes(key), bytes(String(count + 1)));
            }
          }),
        );
      });
      await Promise.all(work);
      const [engine] = servers;
      assert.deepEqual(engine && (await entriesOf(engine)), { a: "24", b: "24", c: "24" });
    });
  });

  test("what is deleted unseen is deleted with all that was put beside it, or with nothing", async () => {
    await withServers([many, many], async ([one, other]) => {
      assert.ok(one !== undefined && other !== undefined);
      for (let round = 0; round < 60; round++) {
        await putAll(one, { a: "old" });
        const deleting = other.write((transaction) => {
          transaction.delete(bytes("a"));
          transaction.delete(bytes("b"));
          return Promise.resolve();
        });
        await Promise.all([deleting, putAll(one, { a: "new", b: "new" })]);
        const left = await entriesOf(one);
        assert.ok(["{}", `{"a":"new","b":"new"}`].includes(JSON.stringify(left)), JSON.stringify(left));
        await one.write((transaction) => {
          transaction.delete(bytes("a"));
          transaction.delete(bytes("b"));
          return Promise.resolve();
        });
      }
    });
  });

  test("a reader of two entries of which one is absent sees one moment", async () => {
    await withServers([many, many], async ([one, other]) => {
      assert.ok(one !== undefined && other !== undefined);
      await putAll(one, { a: "1" });
      let done = false;
      // There is always one of the two.
      const moving = (async () => {
        for (let round = 0; round < 100; round++) {
          const [from, to] = round % 2 === 0 ? ["a", "b"] : ["b", "a"];
          await one.write(async (transaction) => {
            await getIn(transaction, from);
            transaction.delete(bytes(from));
            transaction.put(bytes(to), bytes("1"));
          });
        }
        done = true;
      })();
      while (!done) {
        const found: readonly unknown[] = await untilFree(() =>
          other.write((transaction) => transaction.getMany([bytes("a"), bytes("b")])),
        );
        assert.equal(found.filter((value) => value !== undefined).length, 1);
      }
      await moving;
    });
  });

  test("make their tables together, whoever comes first", async () => {
    await withServers(
      Array.from({ length: 8 }, () => few),
      async (servers) => {
        await Promise.all(servers.map((server, index) => putAll(server, { [`k${index}`]: "v" })));
        assert.equal(Object.keys(await entriesOf(servers[0] ?? assert.fail())).length, 8);
      },
    );
  });
});

describe("exchanges that go together", { concurrency: false }, () => {
  test("are each refused or done by their own guard", async () => {
    await withServers([few], async ([engine]) => {
      assert.ok(engine !== undefined);
      await putAll(engine, { "!guard": "g", "!other": "o" });
      const guards = [
        guard,
        { key: bytes("!other"), value: bytes("o") },
        { key: bytes("!other"), value: bytes("older") },
        { key: bytes("!none"), value: bytes("") },
      ];
      const kinds = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const own = guards[index % 4] ?? guard;
          const exchange = exchangeOf(`k${index}`, index % 8 < 6 ? "x" : undefined);
          return (await engine.exchange({ ...exchange, guard: own })).kind;
        }),
      );
      assert.deepEqual(
        kinds,
        kinds.map((_, index) => (index % 4 < 2 ? "done" : "refused")),
      );
      await assertTallyIsOf(
        engine,
        Array.from({ length: 100 }, () => "x"),
      );
    });
  });

  test("do not take one guard for another whose key and value make up the same bytes", async () => {
    await withServers([few], async ([engine]) => {
      assert.ok(engine !== undefined);
      await putAll(engine, { "!a\0\0b": "c", "!a": "other" });
      const guards = [
        { key: bytes("!a\0\0b"), value: bytes("c") },
        { key: bytes("!a"), value: bytes("b\0\0c") },
        { key: bytes("!a"), value: bytes("\0\0b\0\0c") },
      ];
      const kinds = await Promise.all(
        Array.from({ length: 60 }, async (_, index) => {
          const own = guards[index % 3] ?? guard;
          return (await engine.exchange({ ...exchangeOf(`k${index}`, "x"), guard: own })).kind;
        }),
      );
      assert.deepEqual(
        kinds,
        kinds.map((_, index) => (index % 3 === 0 ? "done" : "refused")),
      );
    });
  });

  test("may exchange what guards others, and their own guard", async () => {
    await withServers([few], async ([engine]) => {
      assert.ok(engine !== undefined);
      const first = sized("1");
      await engine.write((transaction) => {
        transaction.put(bytes("k1"), first);
        transaction.put(bytes("k2"), first);
        return Promise.resolve();
      });
      const swap = (key: string, guarding: string) => ({
        ...exchangeOf(key, "2"),
        guard: { key: bytes(guarding), value: first },
      });
      const exchanges = [swap("k1", "k2"), swap("k2", "k1"), swap("k3", "k1"), swap("k2", "k2")];
      const kinds = (await Promise.all(exchanges.map((one) => engine.exchange(one)))).map(({ kind }) => kind);
      // The first two exclude each other, and the others do not stop them both.
      assert.notEqual(kinds[0], kinds[1]);
      assert.deepEqual(await valuesOf(engine, ["k1", "k2"]), [kinds[0] === "done" ? "2" : "1", "2"]);
    });
  });

  test("answer long values whole, whatever takes their place", async () => {
    await withServers([few], async ([engine]) => {
      assert.ok(engine !== undefined);
      await putAll(engine, { "!guard": "g" });
      const long = (letter: string) => letter.repeat(400_000);
      for (const value of [long("a"), long("b"), "short", long("c"), undefined]) {
        await Promise.all(["k1", "k2", "k3"].map((key) => exchangeNow(engine, key, value)));
      }
      const values = [long("d"), undefined, long("e"), "short", long("f")];
      const replaced: (string | undefined)[] = [];
      for (const value of values) replaced.push(await exchangeNow(engine, "k", value));
      assert.deepEqual(replaced, [undefined, long("d"), undefined, long("e"), "short"]);
      await assertTallyIsOf(engine, [long("f")]);
    });
  });

  test("are not held up by locks of keys that are not theirs, beyond a moment", async () => {
    await withServers([{ connectionsMax: 16 }, many], async ([engine, other]) => {
      assert.ok(engine !== undefined && other !== undefined);
      await putAll(engine, { "!guard": "g" });
      const locked = Array.from({ length: 6 }, (_, index) => `locked ${index}`);
      for (const key of locked) await exchangeNow(engine, key, "1");
      let isLocked = false;
      let release = () => {};
      const locking = other.write(async (transaction) => {
        await transaction.getMany(locked.map(bytes));
        await new Promise<void>((resolve) => {
          release = resolve;
          isLocked = true;
        });
      });
      while (!isLocked) await setTimeout(1);
      const waiting = locked.flatMap((key) => [1, 2, 3].map(() => exchangeNow(engine, key, "2")));
      await setTimeout(10);
      const free = Array.from({ length: 50 }, (_, index) => exchangeNow(engine, `free ${index}`, "1"));
      await Promise.all(free);
      assert.deepEqual(await valuesOf(engine, locked.slice(0, 1)), ["1"]);
      release();
      await Promise.all([locking, ...waiting]);
      assert.equal(await get(engine, "locked 0"), text(sized("2")));
    });
  });
});
