/** Views: one moment of committed state, however long the body takes. */
import assert from "node:assert/strict";
import { afterKey } from "../../base/bytes.ts";
import type { Engine, ReadView } from "../engine.ts";
import {
  bytes,
  entriesOf,
  everything,
  get,
  getIn,
  putAll,
  someTurns,
  text,
  type ContractCase,
} from "./contract-case.ts";

export const snapshotCases: readonly ContractCase[] = [
  {
    title: "a view keeps its moment while writes commit, across turns of the event loop",
    async run(engine) {
      await putAll(engine, { a: "1", b: "1" });
      await engine.read(async (view) => {
        assert.equal(await getIn(view, "a"), "1");
        await putAll(engine, { a: "2", b: "2" });
        assert.equal(await getIn(view, "b"), "1");
        await someTurns();
        await putAll(engine, { a: "3", b: "3" });
        assert.deepEqual([await getIn(view, "a"), await getIn(view, "b")], ["1", "1"]);
      });
      assert.deepEqual(await entriesOf(engine), { a: "3", b: "3" });
    },
  },
  {
    title: "a view's first read after other work still agrees with its later ones",
    async run(engine) {
      await putAll(engine, { a: "1", b: "1" });
      await engine.read(async (view) => {
        const writing = putAll(engine, { a: "2", b: "2" });
        await someTurns();
        const first = await getIn(view, "a");
        await writing;
        await someTurns();
        assert.equal(await getIn(view, "b"), first);
      });
    },
  },
  {
    title: "a scan in several chunks sees one moment",
    async run(engine) {
      const keys = Array.from({ length: 50 }, (_, index) => `k${String(index).padStart(2, "0")}`);
      await putAll(engine, Object.fromEntries(keys.map((key) => [key, "old"])));
      const seen = await engine.read(async (view) => {
        const first = await view.scan(everything, { entriesMax: 10 });
        await engine.write((transaction) => {
          for (const key of keys) transaction.put(bytes(key), bytes("new"));
          transaction.delete(bytes("k30"));
          transaction.put(bytes("k99"), bytes("new"));
          return Promise.resolve();
        });
        await someTurns();
        const last = first.entries.at(-1);
        assert.ok(last !== undefined);
        const rest = await view.scan({ ...everything, from: afterKey(last.key) }, { entriesMax: 100 });
        return [...first.entries, ...rest.entries].map(({ key, value }) => `${text(key)}=${text(value)}`);
      });
      assert.deepEqual(
        seen,
        keys.map((key) => `${key}=old`),
      );
    },
  },
  {
    title: "several views hold several moments at once",
    async run(engine) {
      const seen: (string | undefined)[] = [];
      const readings: Promise<void>[] = [];
      for (let moment = 0; moment < 20; moment++) {
        await putAll(engine, { a: String(moment) });
        readings.push(
          engine.read(async (view) => {
            const first = await getIn(view, "a");
            await someTurns();
            assert.equal(await getIn(view, "a"), first);
            seen[moment] = first;
          }),
        );
      }
      await Promise.all(readings);
      for (const [moment, value] of seen.entries()) assert.ok(Number(value) >= moment);
    },
  },
  {
    title: "a read that starts after a write resolved sees it",
    async run(engine) {
      for (let round = 0; round < 50; round++) {
        await putAll(engine, { a: String(round) });
        assert.equal(await get(engine, "a"), String(round));
      }
      // Not only the writer's own turn: a reader that was told of the write by somebody else.
      let acknowledged = -1;
      const writer = (async () => {
        for (let round = 0; round < 100; round++) {
          await putAll(engine, { a: String(round) });
          acknowledged = round;
        }
      })();
      while (acknowledged < 99) {
        const atLeast = acknowledged;
        assert.ok(Number(await get(engine, "a")) >= atLeast);
        await someTurns();
      }
      await writer;
    },
  },
  {
    title: "readers never see half a transaction",
    async run(engine) {
      await putAll(engine, { a: "0", b: "0" });
      const writers = Array.from({ length: 8 }, (_, writer) => writeBoth(engine, writer));
      let done = false;
      const finished = Promise.all(writers).then(() => (done = true));
      while (!done) {
        await engine.read(async (view) => {
          assert.equal(await getIn(view, "a"), await slowly(view, "b"));
        });
      }
      await finished;
    },
  },
  {
    title: "a body that fails ends its view and nothing else",
    async run(engine) {
      await putAll(engine, { a: "1" });
      const failure = new Error("of the reader");
      await assert.rejects(
        engine.read(async (view) => {
          await getIn(view, "a");
          await someTurns();
          throw failure;
        }),
        (error) => error === failure,
      );
      await assert.rejects(
        engine.read(() => {
          throw failure;
        }),
        (error) => error === failure,
      );
      assert.equal(await get(engine, "a"), "1");
    },
  },
];

async function writeBoth(engine: Engine, writer: number): Promise<void> {
  for (let round = 0; round < 25; round++) {
    await engine.write(async (transaction) => {
      const value = `${Number(await getIn(transaction, "a")) + 1 + writer}`;
      transaction.put(bytes("a"), bytes(value));
      transaction.put(bytes("b"), bytes(value));
    });
  }
}

async function slowly(view: ReadView, key: string): Promise<string | undefined> {
  await someTurns();
  return getIn(view, key);
}
