/** What saves round trips: one-shot reads, holds that many share, counts that nobody waits for, and exchanges. */
import assert from "node:assert/strict";
import { EngineBusyError, type Engine, type Exchange, type Exchanged, type ScanOptions } from "../engine.ts";
import {
  bytes,
  chunkTexts,
  entriesOf,
  get,
  getIn,
  putAll,
  someTurns,
  text,
  type ContractCase,
} from "./contract-case.ts";

export const exchangeCases: readonly ContractCase[] = [
  {
    title: "a one-shot read answers in the order of its keys, a key named twice and absent ones included",
    async run(engine) {
      await putAll(engine, { a: "1", b: "2", c: "" });
      const values = await engine.getMany(["c", "a", "none", "b", "a"].map(bytes));
      assert.deepEqual(values.map(text), ["", "1", undefined, "2", "1"]);
      assert.deepEqual(await engine.getMany([]), []);
    },
  },
  {
    title: "one-shot reads are of one moment each",
    async run(engine) {
      await putAll(engine, { a: "0", b: "0" });
      let done = false;
      const writing = (async () => {
        for (let round = 1; round <= 40; round++) await putAll(engine, { a: `${round}`, b: `${round}` });
        done = true;
      })();
      while (!done) {
        const reads = Array.from({ length: 8 }, () => engine.getMany([bytes("a"), bytes("b")]));
        for (const [a, b] of await Promise.all(reads)) assert.equal(text(a), text(b));
        await someTurns();
      }
      await writing;
    },
  },
  {
    title: "keys and a chunk that are read in one call are of one moment",
    async run(engine) {
      if (engine.readChunk === undefined) return;
      await putAll(engine, { a: "0", b: "0", c: "0", d: "0" });
      const range = { from: bytes("b"), until: bytes("z") };
      const read = async (options: Omit<ScanOptions, "values">, ...keys: string[]) => {
        const found = await engine.readChunk?.({ keys: keys.map(bytes), range, options });
        assert.ok(found !== undefined);
        return { values: found.values.map(text), ...chunkTexts(found.chunk) };
      };
      assert.deepEqual(await read({ entriesMax: 2 }, "a", "none", "c"), {
        ...{ values: ["0", undefined, "0"], entries: ["b=0", "c=0"], exhausted: false },
      });
      assert.deepEqual(await read({ entriesMax: 3, reverse: true }, "a"), {
        ...{ values: ["0"], entries: ["d=0", "c=0", "b=0"], exhausted: true },
      });
      assert.deepEqual(await read({ entriesMax: 3, bytesMax: 2 }, "none"), {
        ...{ values: [undefined], entries: ["b=0", "c=0"], exhausted: false },
      });
      let done = false;
      const writing = (async () => {
        for (let round = 1; round <= 40; round++) await putAll(engine, { a: `${round}`, b: `${round}` });
        done = true;
      })();
      while (!done) {
        const { values, entries } = await read({ entriesMax: 1 }, "a");
        assert.deepEqual(entries, [`b=${values[0]}`]);
        await someTurns();
      }
      await writing;
    },
  },
  {
    title: "transactions that share a key do not lose what they write beside it, nor miss a change of it",
    async run(engine) {
      await putAll(engine, { version: "1" });
      const seen = new Map<string, string | undefined>();
      const writers = Array.from({ length: 60 }, (_, index) =>
        engine.write(async (transaction) => {
          const [version] = await transaction.getMany([bytes("version")], "shared");
          transaction.put(bytes(`item ${index}`), version ?? bytes("none"));
          seen.set(`item ${index}`, text(version));
        }),
      );
      const changing = engine.write(async (transaction) => {
        const [version] = await transaction.getMany([bytes("version")]);
        await someTurns();
        transaction.put(bytes("version"), bytes(`${Number(text(version)) + 1}`));
      });
      await Promise.all([...writers, changing]);
      const { version, ...items } = await entriesOf(engine);
      assert.equal(version, "2");
      assert.deepEqual(items, Object.fromEntries(seen));
    },
  },
  {
    title: "who changes a shared key sees all that was written under the old one",
    async run(engine) {
      await putAll(engine, { version: "1" });
      for (let round = 0; round < 10; round++) {
        const keys = Array.from({ length: 8 }, (_, index) => bytes(`${round} ${index}`));
        const writers = keys.map((key) =>
          engine.write(async (transaction) => {
            const [[version]] = await Promise.all([
              transaction.getMany([bytes("version")], "shared"),
              transaction.getMany([key]),
            ]);
            if (text(version) === "1") transaction.put(key, bytes("written"));
          }),
        );
        // A change of the version and, right behind it, what a reader finds: it must never grow afterwards.
        await engine.write(async (transaction) => {
          await transaction.getMany([bytes("version")], round % 2 === 0 ? "exclusive" : "sole");
          transaction.put(bytes("version"), bytes("2"));
        });
        const found = (await engine.getMany(keys)).map(text);
        await Promise.all(writers);
        assert.deepEqual((await engine.getMany(keys)).map(text), found);
        await putAll(engine, { version: "1" });
      }
    },
  },
  {
    title: "an exchange answers what it replaced, whether it puts or deletes",
    async run(engine) {
      await putAll(engine, { guard: "g" });
      const values = ["first", "second", undefined, undefined, "third"];
      const before: (string | undefined)[] = [];
      for (const value of values) before.push(replaced(await engine.exchange(exchangeOf("a", value))));
      assert.deepEqual(before, [undefined, "first", "second", undefined, undefined]);
      assert.equal(await get(engine, "a"), sized("third"));
    },
  },
  {
    title: "an exchange does nothing when its guard holds something else, or nothing",
    async run(engine) {
      await putAll(engine, { guard: "other" });
      assert.deepEqual(await engine.exchange(exchangeOf("a", "x")), { kind: "refused" });
      const unguarded = { ...exchangeOf("a", "x"), guard: { key: bytes("none"), value: bytes("g") } };
      assert.deepEqual(await engine.exchange(unguarded), { kind: "refused" });
      assert.deepEqual(await entriesOf(engine), { guard: "other" });
      assert.deepEqual(await tallyOf(engine), {});
    },
  },
  {
    title: "an exchange that expects something happens where that is what there is, and only there",
    async run(engine) {
      await putAll(engine, { guard: "g" });
      const kindOf = async (value: string | undefined, expected: string | null) => {
        const known = expected === null ? null : bytes(sized(expected));
        return (await engine.exchange({ ...exchangeOf("a", value), expected: known })).kind;
      };
      assert.equal(await kindOf("1", "0"), "changed");
      assert.equal(await kindOf("1", null), "done");
      assert.equal(await kindOf("2", null), "changed");
      assert.equal(await kindOf("2", "0"), "changed");
      assert.equal(await kindOf("2", "1"), "done");
      assert.equal(await kindOf(undefined, "1"), "changed");
      assert.equal(await kindOf(undefined, null), "changed");
      assert.equal(await kindOf(undefined, "2"), "done");
      assert.equal(await kindOf(undefined, null), "done");
      assert.equal(await get(engine, "a"), undefined);
      assert.deepEqual(await tallyOf(engine), {});
      await putAll(engine, { guard: "other" });
      assert.equal(await kindOf("1", null), "refused");
    },
  },
  {
    title: "counting by expected values loses no step, whoever else counts by transactions",
    async run(engine) {
      await putAll(engine, { guard: "g" });
      const key = bytes("count");
      const next = (value: Uint8Array | undefined) =>
        bytes(sized(String(Number(text(value)?.slice(4) ?? 0) + 1)));
      const count = async (): Promise<void> => {
        const [value] = await engine.getMany([key]);
        const exchange = { ...exchangeOf("count", undefined), value: next(value), expected: value ?? null };
        const { kind } = await retried(() => engine.exchange(exchange));
        if (kind === "changed") await count();
      };
      const countAlone = () =>
        engine.write(async (transaction) => {
          const [value] = await transaction.getMany([key]);
          transaction.put(key, next(value));
        });
      const counts = Array.from({ length: 60 }, (_, index) =>
        index % 4 === 0 ? retried(countAlone) : count(),
      );
      await Promise.all(counts);
      assert.equal((await get(engine, "count"))?.slice(4), "60");
    },
  },
  {
    title: "exchanges of one key happen one after another, and each replaces what another left",
    async run(engine) {
      await putAll(engine, { guard: "g" });
      const values = Array.from({ length: 40 }, (_, index) => (index % 5 === 4 ? undefined : `v${index}`));
      const before = await Promise.all(values.map((value) => exchangeNow(engine, "a", value)));
      const left = (await getTextOrNothing(engine, "a")) ?? "nothing";
      const given = values.map((value) => value ?? "nothing").toSorted();
      const seen = [...before.map((value) => value ?? "nothing"), left].toSorted();
      assert.deepEqual(seen, [...given, "nothing"].toSorted());
    },
  },
  {
    title: "exchanges and transactions of the same keys lose nothing, and the tally is of what is left",
    async run(engine) {
      await putAll(engine, { guard: "g" });
      const keys = ["a", "b", "c", "d"];
      const work = Array.from({ length: 120 }, (_, index) => {
        const key = keys[index % keys.length] ?? "a";
        const value = index % 7 === 0 ? undefined : "x".repeat(index % 11);
        return index % 3 === 0 ? putCounted(engine, key, value) : exchangeNow(engine, key, value);
      });
      await Promise.all(work);
      const entries = Object.entries(await entriesOf(engine));
      const left = Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
      const bytesLeft = Object.values(left).reduce((sum, value) => sum + value.length, 0);
      assert.deepEqual(await tallyOf(engine), { 0: { count: Object.keys(left).length, bytes: bytesLeft } });
    },
  },
  {
    title: "what is added to tallies adds up by part, whoever adds at once; a body that throws adds nothing",
    async run(engine) {
      const adding = Array.from({ length: 60 }, (_, index) =>
        engine.write((transaction) => {
          transaction.add(tallyKey, index % 3, { count: 1, bytes: index });
          transaction.add(tallyKey, 7, { count: -1, bytes: 2 ** 40 });
          transaction.put(bytes(`k${index}`), bytes("x"));
          if (index % 10 === 9) throw new Error("not this one");
          return Promise.resolve();
        }),
      );
      await Promise.allSettled(adding);
      const kept = Array.from({ length: 60 }, (_, index) => index).filter((index) => index % 10 !== 9);
      const part = (number: number) => {
        const own = kept.filter((index) => index % 3 === number);
        return { count: own.length, bytes: own.reduce((sum, index) => sum + index, 0) };
      };
      const seventh = { count: -kept.length, bytes: kept.length * 2 ** 40 };
      assert.deepEqual(await tallyOf(engine), { 0: part(0), 1: part(1), 2: part(2), 7: seventh });
    },
  },
  {
    title: "parts of tallies are forgotten one by one or all together",
    async run(engine) {
      await engine.write((transaction) => {
        for (const part of [0, 1, 2]) transaction.add(tallyKey, part, { count: part + 1, bytes: 5 });
        return Promise.resolve();
      });
      await engine.write((transaction) => {
        transaction.removeTally(tallyKey, 1);
        return Promise.resolve();
      });
      assert.deepEqual(await tallyOf(engine), { 0: { count: 1, bytes: 5 }, 2: { count: 3, bytes: 5 } });
      await engine.write((transaction) => {
        transaction.removeTally(tallyKey);
        return Promise.resolve();
      });
      assert.deepEqual(await tallyOf(engine), {});
    },
  },
];

const tallyKey = bytes("tally");

/** A value that holds its size in its first four bytes, as exchanges want. */
function sized(value: string): string {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(4 + Buffer.byteLength(value));
  return `${size.toString("latin1")}${value}`;
}

function exchangeOf(key: string, value: string | undefined): Exchange {
  return {
    key: bytes(key),
    value: value === undefined ? undefined : bytes(sized(value)),
    guard: { key: bytes("guard"), value: bytes("g") },
    tally: { key: tallyKey, part: 0, sizeAt: 0 },
  };
}

/** The value without the size in front. */
function replaced(exchanged: Exchanged): string | undefined {
  assert.equal(exchanged.kind, "done");
  return exchanged.before === undefined ? undefined : text(exchanged.before)?.slice(4);
}

async function exchangeNow(engine: Engine, key: string, value: string | undefined) {
  return replaced(await retried(() => engine.exchange(exchangeOf(key, value))));
}

/** The same as an exchange, by a transaction. */
async function putCounted(engine: Engine, key: string, value: string | undefined): Promise<void> {
  await retried(() =>
    engine.write(async (transaction) => {
      const [before] = await transaction.getMany([bytes(key)]);
      const after = value === undefined ? undefined : bytes(sized(value));
      if (after === undefined) transaction.delete(bytes(key));
      else transaction.put(bytes(key), after);
      const count = (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
      transaction.add(tallyKey, 0, { count, bytes: (after?.length ?? 0) - (before?.length ?? 0) });
    }),
  );
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof EngineBusyError)) throw error;
    }
  }
}

async function getTextOrNothing(engine: Engine, key: string): Promise<string | undefined> {
  return (await engine.read((view) => getIn(view, key)))?.slice(4);
}

/** The tally under test, without parts that are nothing. */
async function tallyOf(engine: Engine): Promise<Record<number, { count: number; bytes: number }>> {
  const tally = await engine.read((view) => view.tally(tallyKey));
  return Object.fromEntries([...tally].filter(([, { count, bytes: sum }]) => count !== 0 || sum !== 0));
}
