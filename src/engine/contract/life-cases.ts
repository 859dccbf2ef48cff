/** Opening and closing. */
import assert from "node:assert/strict";
import { bytes, getIn, putAll, someTurns, type ContractCase } from "./contract-case.ts";

export const lifeCases: readonly ContractCase[] = [
  {
    title: "close waits for the writes under way, those in the queue included",
    async run(engine, close) {
      const settled: string[] = [];
      const slow = engine.write(async (transaction) => {
        await someTurns();
        transaction.put(bytes("a"), bytes("1"));
      });
      const queued = Array.from({ length: 10 }, (_, index) => putAll(engine, { [`q${index}`]: "1" }));
      const writes = [slow, ...queued].map((writing) => writing.then(() => settled.push("write")));
      await close().then(() => settled.push("close"));
      await Promise.all(writes);
      assert.deepEqual(settled, [...writes.map(() => "write"), "close"]);
    },
  },
  {
    title: "close waits for the reads under way",
    async run(engine, close) {
      await putAll(engine, { a: "1" });
      let seen: string | undefined;
      const reading = engine.read(async (view) => {
        await getIn(view, "a");
        await someTurns();
        seen = await getIn(view, "a");
      });
      await close();
      assert.equal(seen, "1");
      await reading;
    },
  },
  {
    title: "an engine that did nothing closes",
    run: (_, close) => close(),
  },
];
