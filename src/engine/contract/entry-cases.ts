/** Entries: what is put is found, byte for byte, and only where it was put. */
import assert from "node:assert/strict";
import type { Engine } from "../engine.ts";
import { bytes, entriesOf, get, getIn, putAll, type ContractCase } from "./contract-case.ts";

export const entryCases: readonly ContractCase[] = [
  {
    title: "an empty engine holds nothing",
    async run(engine) {
      assert.equal(await get(engine, "a"), undefined);
      assert.deepEqual(await entriesOf(engine), {});
    },
  },
  {
    title: "what was put is found, what was replaced or deleted is not",
    async run(engine) {
      await putAll(engine, { a: "1", b: "2", c: "3" });
      await engine.write((transaction) => {
        transaction.put(bytes("b"), bytes("two"));
        transaction.delete(bytes("c"));
        transaction.delete(bytes("never there"));
        return Promise.resolve();
      });
      assert.deepEqual(await entriesOf(engine), { a: "1", b: "two" });
    },
  },
  {
    title: "getMany answers in the order of its keys, repeated and absent ones included",
    async run(engine) {
      await putAll(engine, { a: "1", b: "2" });
      const keys = ["b", "x", "a", "b"].map(bytes);
      const values = await engine.read((view) => view.getMany(keys));
      assert.deepEqual(values.map(String), [bytes("2"), undefined, bytes("1"), bytes("2")].map(String));
      assert.deepEqual(await engine.read((view) => view.getMany([])), []);
    },
  },
  {
    title: "a write answers what its body answers",
    async run(engine) {
      const answer = { done: true };
      assert.equal(await engine.write(() => Promise.resolve(answer)), answer);
      assert.equal(await engine.read(() => Promise.resolve(answer)), answer);
    },
  },
  {
    title: "a transaction reads what it staged, by key",
    async run(engine) {
      await putAll(engine, { a: "1", b: "2" });
      await engine.write(async (transaction) => {
        assert.equal(await getIn(transaction, "a"), "1");
        transaction.put(bytes("a"), bytes("one"));
        transaction.delete(bytes("b"));
        transaction.put(bytes("c"), bytes("3"));
        const staged = [
          await getIn(transaction, "a"),
          await getIn(transaction, "b"),
          await getIn(transaction, "c"),
        ];
        assert.deepEqual(staged, ["one", undefined, "3"]);
        transaction.put(bytes("b"), bytes("again"));
        transaction.delete(bytes("c"));
      });
      assert.deepEqual(await entriesOf(engine), { a: "one", b: "again" });
    },
  },
  {
    title: "keys and values of every size the limits allow come back as they were",
    async run(engine) {
      const { keyBytesMax, valueBytesMax } = engine.limits;
      assert.ok(keyBytesMax >= 2_048 && valueBytesMax >= 1_048_576);
      for (const keyLength of [1, 2, 255, 256, 511, 512, 1_978, 1_979, keyBytesMax]) {
        const key = Buffer.alloc(keyLength, 0xab);
        for (const valueLength of [0, 1, 16, 400, 4_096, 32_768, 32_769, 409_600, 1_048_576]) {
          await checkRoundTrip(engine, key, pattern(valueLength));
        }
      }
      await checkRoundTrip(engine, Buffer.alloc(keyBytesMax, 0xff), pattern(valueBytesMax));
    },
  },
  {
    title: "keys of any bytes are told apart",
    async run(engine) {
      const keys = [
        [0],
        [0, 0],
        [0, 1],
        [1],
        [1, 0],
        [0x7f],
        [0x80],
        [0xc3, 0x28],
        [0xff],
        [0xff, 0],
        [0xff, 0xff],
      ];
      await engine.write((transaction) => {
        keys.forEach((key, index) => {
          transaction.put(Uint8Array.from(key), Uint8Array.of(index));
        });
        return Promise.resolve();
      });
      const values = await engine.read((view) => view.getMany(keys.map((key) => Uint8Array.from(key))));
      assert.deepEqual(
        values.map((value) => value?.[0]),
        keys.map((_, index) => index),
      );
    },
  },
  {
    title:
      "bytes handed in may be views into larger memory and are the caller's again once the write resolved",
    async run(engine) {
      const memory = Buffer.from("..key..value..");
      await engine.write((transaction) => {
        transaction.put(memory.subarray(2, 5), memory.subarray(7, 12));
        return Promise.resolve();
      });
      memory.fill("#");
      assert.deepEqual(await entriesOf(engine), { key: "value" });
    },
  },
  {
    title: "values handed out stay as they were after the view ended",
    async run(engine) {
      const large = pattern(100_000);
      await engine.write((transaction) => {
        transaction.put(bytes("small"), bytes("before"));
        transaction.put(bytes("large"), large);
        return Promise.resolve();
      });
      const keys = [bytes("small"), bytes("large")];
      const held = await engine.read((view) => view.getMany(keys));
      for (let round = 0; round < 20; round++) {
        const filler = Buffer.alloc(100_000, round);
        await engine.write((transaction) => {
          for (const key of keys) transaction.put(key, filler);
          return Promise.resolve();
        });
        await engine.read((view) => view.getMany(keys));
      }
      assert.deepEqual(held.map(hex), [bytes("before"), large].map(hex));
    },
  },
  {
    title: "keys and values out of bounds are refused and nothing of their transaction is kept",
    async run(engine) {
      const { keyBytesMax, valueBytesMax } = engine.limits;
      const wrong: [Uint8Array, Uint8Array][] = [
        [new Uint8Array(0), bytes("v")],
        [new Uint8Array(keyBytesMax + 1), bytes("v")],
        [bytes("k"), new Uint8Array(valueBytesMax + 1)],
      ];
      for (const [key, value] of wrong) {
        const writing = engine.write((transaction) => {
          transaction.put(bytes("beside"), bytes("1"));
          transaction.put(key, value);
          return Promise.resolve();
        });
        await assert.rejects(writing, { name: "InvariantError" });
      }
      assert.deepEqual(await entriesOf(engine), {});
    },
  },
];

async function checkRoundTrip(engine: Engine, key: Uint8Array, value: Uint8Array): Promise<void> {
  await engine.write((transaction) => {
    transaction.put(key, value);
    return Promise.resolve();
  });
  const [found] = await engine.read((view) => view.getMany([key]));
  assert.ok(found !== undefined && Buffer.compare(found, value) === 0, `${key.length}, ${value.length}`);
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
}

function hex(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString("hex");
}
