/** Transactions: all or nothing, and as if they had run one after another. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Engine, Transaction } from "../engine.ts";
import { bytes, entriesOf, get, getIn, putAll, someTurns, type ContractCase } from "./contract-case.ts";

export const isolationCases: readonly ContractCase[] = [
  {
    title: "a body that throws leaves nothing, and its error is the writer's",
    async run(engine) {
      await putAll(engine, { a: "1" });
      const failure = new Error("of the writer");
      const bodies: ((transaction: Transaction) => Promise<void>)[] = [
        () => Promise.reject(failure),
        () => {
          throw failure;
        },
        (transaction) => {
          transaction.put(bytes("a"), bytes("2"));
          transaction.put(bytes("b"), bytes("2"));
          throw failure;
        },
        async (transaction) => {
          await getIn(transaction, "a");
          transaction.delete(bytes("a"));
          await someTurns();
          throw failure;
        },
      ];
      for (const body of bodies) await assert.rejects(engine.write(body), (error) => error === failure);
      assert.deepEqual(await entriesOf(engine), { a: "1" });
    },
  },
  {
    title: "a body that throws among many takes none of the others with it, and none sees what it staged",
    async run(engine) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, (_, index) =>
          engine.write(async (transaction) => {
            const before = Number((await getIn(transaction, "count")) ?? 0);
            transaction.put(bytes("count"), bytes(String(before + 1)));
            transaction.put(bytes(`writer ${index}`), bytes("was here"));
            if (index % 3 === 0) throw new Error("refused");
          }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 20);
      const { count, ...writers } = await entriesOf(engine);
      assert.equal(count, "40");
      assert.deepEqual(
        Object.keys(writers).toSorted(),
        Array.from({ length: 60 }, (_, index) => index)
          .filter((index) => index % 3 !== 0)
          .map((index) => `writer ${index}`)
          .toSorted(),
      );
    },
  },
  {
    title: "no update is lost among concurrent increments, whether bodies are quick or slow",
    async run(engine) {
      await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          increment(engine, index % 10 === 0 ? someTurns : () => Promise.resolve()),
        ),
      );
      assert.equal(await get(engine, "count"), "200");
    },
  },
  {
    title: "many writers in many turns lose nothing",
    async run(engine) {
      const writers = Array.from({ length: 32 }, async (_, writer) => {
        for (let round = 0; round < 20; round++) {
          await increment(engine, () => Promise.resolve());
          if (round % 5 === writer % 5) await setImmediate();
        }
      });
      await Promise.all(writers);
      assert.equal(await get(engine, "count"), "640");
    },
  },
  {
    title: "two transactions that each read what the other writes do not both decide on the old state",
    async run(engine) {
      await putAll(engine, { "on call 1": "yes", "on call 2": "yes" });
      const leave = (mine: string, other: string) =>
        engine.write(async (transaction) => {
          const [first, second] = [await getIn(transaction, mine), await getIn(transaction, other)];
          await someTurns();
          if (first === "yes" && second === "yes") transaction.put(bytes(mine), bytes("no"));
        });
      await Promise.all([leave("on call 1", "on call 2"), leave("on call 2", "on call 1")]);
      const left = Object.values(await entriesOf(engine)).filter((value) => value === "yes");
      assert.equal(left.length, 1);
    },
  },
  {
    title: "reads inside a transaction are of one moment although others want to write",
    async run(engine) {
      await putAll(engine, { a: "0", b: "0" });
      const both = Array.from({ length: 20 }, (_, index) =>
        engine.write((transaction) => {
          for (const key of ["a", "b"]) transaction.put(bytes(key), bytes(String(index + 1)));
          return Promise.resolve();
        }),
      );
      const reading = engine.write(async (transaction) => {
        const first = await getIn(transaction, "a");
        await someTurns();
        return [first, await getIn(transaction, "b")];
      });
      const [first, second] = await reading;
      assert.equal(first, second);
      await Promise.all(both);
    },
  },
  {
    title: "a transaction that wrote nothing, or took back what it wrote, changes nothing",
    async run(engine) {
      await putAll(engine, { a: "1" });
      await engine.write(() => Promise.resolve());
      await engine.write((transaction) => {
        transaction.put(bytes("b"), bytes("2"));
        transaction.delete(bytes("b"));
        return Promise.resolve();
      });
      assert.deepEqual(await entriesOf(engine), { a: "1" });
    },
  },
  {
    title: "a transaction of thousands of entries commits whole",
    async run(engine) {
      const entries = Object.fromEntries(
        Array.from({ length: 5_000 }, (_, index) => [`k${String(index).padStart(4, "0")}`, `v${index}`]),
      );
      await putAll(engine, entries);
      assert.deepEqual(await entriesOf(engine), entries);
      await engine.write((transaction) => {
        for (const key of Object.keys(entries)) transaction.delete(bytes(key));
        return Promise.resolve();
      });
      assert.deepEqual(await entriesOf(engine), {});
    },
  },
];

async function increment(engine: Engine, pause: () => Promise<void>): Promise<void> {
  await engine.write(async (transaction) => {
    const before = Number((await getIn(transaction, "count")) ?? 0);
    await pause();
    transaction.put(bytes("count"), bytes(String(before + 1)));
  });
}
