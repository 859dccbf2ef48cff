/** Transactions that the database does not begin: what is sent behind the BEGIN would each be done on its own. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { openTestEngines, testSurroundings } from "../../../test/postgres/test-engines.ts";
import { testDialect } from "../../../test/postgres/test-database.ts";
import { bytes, entriesOf, getIn, putAll } from "../contract/contract-case.ts";
import type { Engine } from "../engine.ts";
import { openConnections } from "./connections/open-connections.ts";
import { dialects } from "./dialects.ts";
import { PostgresEngine } from "./postgres-engine.ts";

const engines = await openTestEngines();
const url = engines.newUrl();
let engine: Engine;
let beginless: Engine;

before(async () => {
  engine = await engines.open({ url });
  const refused = "BEGIN as nobody can";
  beginless = new PostgresEngine(openConnections({ url, dialect: testDialect }, testSurroundings), {
    dialect: { ...dialects[testDialect], beginTransaction: refused, beginView: refused },
    eventualReads: "primary",
    waitingMax: 10,
    surroundings: testSurroundings,
  });
});
beforeEach(() => putAll(engine, { a: "1" }));
after(async () => {
  await beginless.close();
  await engine.close();
  await engines.close();
});

const refusal = { name: "EngineError", message: /syntax error/ };

describe("what the database does not begin", { concurrency: false }, () => {
  test("as a transaction does nothing, though its reads were answered", async () => {
    const writing = beginless.write(async (transaction) => {
      const before = await getIn(transaction, "a");
      transaction.put(bytes("a"), bytes(`${before} 2`));
    });
    await assert.rejects(writing, refusal);
    assert.deepEqual(await entriesOf(engine), { a: "1" });
  });

  test("as a transaction that sends all at once has an unknown outcome", async () => {
    await assert.rejects(putAll(beginless, { a: "2", b: "2" }), {
      name: "EngineError",
      message: "the database did not tell whether it committed",
    });
  });

  test("as a view answers nothing", async () => {
    await assert.rejects(
      beginless.read((view) => getIn(view, "a")),
      refusal,
    );
  });
});

test("a transaction is of no use once its body has ended: its connection may be another's", async () => {
  const late = await engine.write(async (transaction) => {
    await getIn(transaction, "a");
    return { read: () => getIn(transaction, "b") };
  });
  await assert.rejects(late.read(), /is not used after its body ended/);
});
