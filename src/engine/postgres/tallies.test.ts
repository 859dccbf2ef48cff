/** How tallies stay quick to read. */
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { after, test } from "node:test";
import { Client } from "pg";
import { openTestEngines } from "../../../test/postgres/test-engines.ts";
import { bytes } from "../contract/contract-case.ts";
import type { Engine } from "../engine.ts";

const engines = await openTestEngines();
after(() => engines.close());
const key = bytes("tally");

async function tallyOf(engine: Engine) {
  return Object.fromEntries(await engine.read((view) => view.tally(key)));
}

test("what many servers that are gone have added is folded when it is read, and nothing of it is lost", async () => {
  const url = engines.newUrl();
  const engine = await engines.open({ url });
  const address = new URL(url);
  const schema = address.searchParams.get("schema") ?? "";
  const client = new Client({
    host: address.hostname,
    port: Number(address.port),
    user: address.username,
    database: address.pathname.slice(1),
  });
  await client.connect();
  const insert = `INSERT INTO ${schema}.stator_tally SELECT $1, part, slot, 2, slot
    FROM generate_series(1, 2) AS part, generate_series(1, 400) AS slot`;
  await client.query(insert, [key]);
  const rows = async () => {
    const { rowCount } = await client.query(`SELECT FROM ${schema}.stator_tally WHERE k = $1`, [key]);
    return rowCount ?? 0;
  };
  let added = 0;
  let folded = false;
  const adding = (async () => {
    for (; !folded; added++) {
      await engine.write((transaction) => {
        transaction.add(key, 1, { count: 1, bytes: 1 });
        return Promise.resolve();
      });
    }
  })();
  for (let attempt = 0; attempt < 200 && (await rows()) > 100; attempt++) {
    await tallyOf(engine);
    await setTimeout(5);
  }
  folded = true;
  await adding;
  assert.ok((await rows()) <= 100);
  const sum = (400 * 401) / 2;
  assert.deepEqual(await tallyOf(engine), {
    1: { count: 800 + added, bytes: sum + added },
    2: { count: 800, bytes: sum },
  });
  await client.end();
  await engine.close();
});
