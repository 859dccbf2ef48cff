/** Round trips are what a database costs that is far away. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openTestEngines } from "../../../test/postgres/test-engines.ts";
import { bytes, entriesOf, everything, putAll } from "../contract/contract-case.ts";
import type { Engine } from "../engine.ts";

const engines = await openTestEngines();
let flushes = 0;
const engine = await engines.open({ connectionsMax: 1, onFlush: () => (flushes += 1) });

after(async () => {
  await engine.close();
  await engines.close();
});

/** What travels behind the answer is waited for by nobody, and not counted. */
async function roundTripsOf(use: (engine: Engine) => Promise<unknown>): Promise<number> {
  await entriesOf(engine);
  await settled();
  const before = flushes;
  await use(engine);
  const count = flushes - before;
  await settled();
  return count;
}

/** There is but one connection: this has it after everybody else. */
async function settled(): Promise<void> {
  await engine.getMany([bytes("a")]);
}

const value = Buffer.from("\0\0\0\x05value");
const exchange = {
  key: bytes("e"),
  value,
  guard: { key: bytes("guard"), value: bytes("g") },
  tally: { key: bytes("~"), part: 0, sizeAt: 0 },
};

const trips: readonly [title: string, count: number, use: (engine: Engine) => Promise<unknown>][] = [
  ["a one-shot read of one key", 1, () => engine.getMany([bytes("a")])],
  ["a one-shot read of many keys", 1, () => engine.getMany(["a", "b", "c"].map(bytes))],
  [
    "one-shot reads that meet",
    1,
    () => Promise.all(["a", "b", "c"].map((key) => engine.getMany([bytes(key)]))),
  ],
  [
    "a view with one page",
    1,
    () => engine.read((view) => view.scan(everything, { entriesMax: 5, bytesMax: 99 })),
  ],
  [
    "a view with reads by key beside its page",
    1,
    () =>
      engine.read((view) =>
        Promise.all([view.getMany([bytes("a")]), view.scan(everything, { entriesMax: 5, bytesMax: 99 })]),
      ),
  ],
  [
    "a view with two pages, one after the other",
    2,
    () =>
      engine.read(async (view) => {
        await view.scan(everything, { entriesMax: 1 });
        await view.scan(everything, { entriesMax: 1 });
      }),
  ],
  ["a view that reads nothing", 0, () => engine.read(() => Promise.resolve())],
  ["an exchange", 1, () => engine.exchange(exchange)],
  ["an exchange that deletes", 1, () => engine.exchange({ ...exchange, value: undefined })],
  ["an exchange that deletes what is not there", 2, () => engine.exchange({ ...exchange, value: undefined })],
  ["a write that reads nothing", 1, () => putAll(engine, { c: "3", d: "4" })],
  [
    "a write that reads, shared and for itself, and puts",
    2,
    () =>
      engine.write(async (transaction) => {
        await Promise.all([
          transaction.getMany([bytes("guard")], "shared"),
          transaction.getMany([bytes("a")]),
        ]);
        transaction.put(bytes("a"), bytes("2"));
        transaction.add(bytes("~"), 0, { count: 1, bytes: 1 });
      }),
  ],
  [
    "a write that puts where it saw nothing",
    2,
    () =>
      engine.write(async (transaction) => {
        await transaction.getMany([bytes("new"), bytes("none")]);
        transaction.put(bytes("new"), bytes("2"));
      }),
  ],
  [
    "a write whose body finds nothing to do",
    1,
    () =>
      engine.write(async (transaction) => {
        await Promise.all([
          transaction.getMany([bytes("guard")], "shared"),
          transaction.getMany([bytes("none")]),
        ]);
      }),
  ],
];

test("engines take as many round trips as they must", async () => {
  await putAll(engine, { guard: "g", a: "1", b: "2" });
  for (const [title, count, use] of trips) assert.equal(await roundTripsOf(use), count, title);
});
