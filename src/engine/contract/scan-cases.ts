/** Scans: byte order, half-open ranges, both directions, bounded chunks. */
import assert from "node:assert/strict";
import { afterKey } from "../../base/bytes.ts";
import { bytes, chunkTexts, putAll, scanTexts, type ContractCase } from "./contract-case.ts";

const letters = { a: "1", b: "22", c: "333", d: "4444" };

export const scanCases: readonly ContractCase[] = [
  {
    title: "keys sort by their bytes, unsigned, a prefix before what it prefixes",
    async run(engine) {
      const sorted = [
        "00",
        "0000",
        "0001",
        "00ff",
        "01",
        "61",
        "6100",
        "6161",
        "62",
        "7fff",
        "80",
        "c3a9",
        "ff",
        "ff00",
        "ffff",
      ];
      await engine.write((transaction) => {
        for (const hex of sorted.toReversed()) transaction.put(Buffer.from(hex, "hex"), bytes(hex));
        return Promise.resolve();
      });
      const range = { from: Uint8Array.of(0), until: Uint8Array.of(0xff, 0xff, 0xff) };
      const keysOf = (reverse: boolean) =>
        engine.read(async (view) => {
          const { entries } = await view.scan(range, { entriesMax: 100, reverse });
          return entries.map(({ key }) => Buffer.from(key).toString("hex"));
        });
      assert.deepEqual(await keysOf(false), sorted);
      assert.deepEqual(await keysOf(true), sorted.toReversed());
    },
  },
  {
    title: "a range is half-open, in both directions",
    async run(engine) {
      await putAll(engine, letters);
      for (const reverse of [false, true]) {
        const inOrder = (entries: string[]) => (reverse ? entries.toReversed() : entries);
        const scan = (from: string, until: string) =>
          scanTexts(engine, [from, until], { entriesMax: 10, reverse });
        assert.deepEqual(await scan("b", "d"), { entries: inOrder(["b=22", "c=333"]), exhausted: true });
        assert.deepEqual(await scan("a!", "c!"), { entries: inOrder(["b=22", "c=333"]), exhausted: true });
        assert.deepEqual(await scan("", "z"), {
          entries: inOrder(["a=1", "b=22", "c=333", "d=4444"]),
          exhausted: true,
        });
        assert.deepEqual(await scan("d!", "z"), { entries: [], exhausted: true });
        assert.deepEqual(await scan("", "a"), { entries: [], exhausted: true });
      }
    },
  },
  {
    title: "an empty or inverted range holds nothing",
    async run(engine) {
      await putAll(engine, letters);
      for (const reverse of [false, true]) {
        for (const [from, until] of [
          ["b", "b"],
          ["c", "b"],
          ["", ""],
        ] as const) {
          assert.deepEqual(await scanTexts(engine, [from, until], { entriesMax: 10, reverse }), {
            entries: [],
            exhausted: true,
          });
        }
      }
    },
  },
  {
    title: "entriesMax ends a chunk, and exhausted says whether the range holds more",
    async run(engine) {
      await putAll(engine, letters);
      const scan = (entriesMax: number, reverse: boolean) =>
        scanTexts(engine, ["a", "d"], { entriesMax, reverse });
      assert.deepEqual(await scan(2, false), { entries: ["a=1", "b=22"], exhausted: false });
      assert.deepEqual(await scan(3, false), { entries: ["a=1", "b=22", "c=333"], exhausted: true });
      assert.deepEqual(await scan(1, true), { entries: ["c=333"], exhausted: false });
      assert.deepEqual(await scan(3, true), { entries: ["c=333", "b=22", "a=1"], exhausted: true });
    },
  },
  {
    title: "bytesMax ends a chunk with the value that reaches it, never before the first entry",
    async run(engine) {
      await putAll(engine, letters);
      const scan = (bytesMax: number) => scanTexts(engine, ["a", "z"], { entriesMax: 10, bytesMax });
      assert.deepEqual(await scan(3), { entries: ["a=1", "b=22"], exhausted: false });
      assert.deepEqual(await scan(4), { entries: ["a=1", "b=22", "c=333"], exhausted: false });
      assert.deepEqual(await scan(0), { entries: ["a=1"], exhausted: false });
      assert.deepEqual(await scan(10), { entries: ["a=1", "b=22", "c=333", "d=4444"], exhausted: true });
    },
  },
  {
    title: "values: false leaves values empty, and bytesMax then bounds nothing",
    async run(engine) {
      await putAll(engine, letters);
      for (const reverse of [false, true]) {
        const options = { entriesMax: 10, bytesMax: 1, values: false, reverse };
        const entries = ["a=", "b=", "c=", "d="];
        const expected = { entries: reverse ? entries.toReversed() : entries, exhausted: true };
        assert.deepEqual(await scanTexts(engine, ["a", "z"], options), expected);
      }
    },
  },
  {
    title: "empty values and values above any read buffer come out of a scan",
    async run(engine) {
      const values = [0, 300_000, 0, 70_000, 5].map((length, index) => Buffer.alloc(length, index));
      await engine.write((transaction) => {
        values.forEach((value, index) => {
          transaction.put(Uint8Array.of(index), value);
        });
        return Promise.resolve();
      });
      const range = { from: Uint8Array.of(0), until: Uint8Array.of(9) };
      const { entries } = await engine.read((view) => view.scan(range, { entriesMax: 10 }));
      assert.deepEqual(
        entries.map(({ value }) => Buffer.from(value)),
        values,
      );
    },
  },
  {
    title: "bounds just behind the longest key are allowed",
    async run(engine) {
      const longest = Buffer.alloc(engine.limits.keyBytesMax, 7);
      await engine.write((transaction) => {
        transaction.put(longest, bytes("v"));
        return Promise.resolve();
      });
      for (const reverse of [false, true]) {
        const scan = (from: Uint8Array, until: Uint8Array) =>
          engine.read((view) => view.scan({ from, until }, { entriesMax: 10, reverse }));
        assert.equal((await scan(longest, afterKey(longest))).entries.length, 1);
        assert.equal((await scan(afterKey(longest), Uint8Array.of(8))).entries.length, 0);
      }
    },
  },
  {
    title: "chunks of a large range join to the whole, in both directions",
    async run(engine) {
      const keys = Array.from({ length: 3_000 }, (_, index) => String(index).padStart(5, "0"));
      await putAll(engine, Object.fromEntries(keys.map((key) => [key, key])));
      for (const reverse of [false, true]) {
        const found: string[] = [];
        let [from, until] = [bytes("0"), bytes("9")];
        for (let exhausted = false; !exhausted;) {
          const range = { from, until };
          const chunk = await engine.read((view) => view.scan(range, { entriesMax: 271, reverse }));
          found.push(...chunkTexts(chunk).entries);
          const last = chunk.entries.at(-1)?.key ?? from;
          if (reverse) until = last;
          else from = afterKey(last);
          exhausted = chunk.exhausted;
        }
        const expected = keys.map((key) => `${key}=${key}`);
        assert.deepEqual(found, reverse ? expected.toReversed() : expected);
      }
    },
  },
];
