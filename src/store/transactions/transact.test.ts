import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { engineOver } from "../../../test/fixtures/engine-over.ts";
import { scope, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Engine } from "../../engine/engine.ts";
import { openMemoryEngine } from "../../engine/memory/open-memory-engine.ts";
import { attributeOf, type Item } from "../../model/attribute-value.ts";
import { itemSize } from "../../values/size.ts";
import { openStore } from "../open-store.ts";
import type { IdempotencyToken, Store } from "../store.ts";
import type { Table } from "../table.ts";
import type { Outcome, Write } from "../write.ts";

const startMs = 1_790_000_000_000;
const minuteMs = 60_000;

let now: number;
let memory: Engine;
/** What writes wait for when they are staged and not yet durable. */
let flush: Promise<void>;
let store: Store;
let table: Table;

beforeEach(async () => {
  now = startMs;
  memory = openMemoryEngine();
  flush = Promise.resolve();
  const slow = engineOver(memory, {
    async write(body) {
      const result = await memory.write(body);
      await flush;
      return result;
    },
  });
  store = openOn(slow);
  const made = await store.tables.create(tableDefinition());
  assert.ok(made);
  table = made;
});

function openOn(engine: Engine): Store {
  return openStore({ engine, clock: { now: () => now }, onWork: () => undefined });
}

/** Keeps the writes from now on from being durable until the answered function is called. */
function holdFlush(): () => void {
  const { promise, resolve } = promiseToKeep();
  flush = promise;
  return resolve;
}

function promiseToKeep(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

function keyOf(track: number): Item {
  return { artist: { S: "Nina" }, track: { N: String(track) } };
}

function put(track: number, attributes: Item = {}, allows?: Write["allows"]): Write {
  const item = song("Nina", track, attributes);
  return { table, key: keyOf(track), allows, change: { kind: "put", item, sizeBytes: itemSize(item) } };
}

function kindsOf(outcomes: readonly Outcome[]): readonly Outcome["kind"][] {
  return outcomes.map(({ kind }) => kind);
}

async function kindsOfTransaction(writes: readonly Write[], token?: IdempotencyToken) {
  const outcome = await store.transact(writes, token);
  return outcome.kind === "done" ? kindsOf(outcome.outcomes) : outcome.kind;
}

/** The songs there are, each with its title. */
async function titles(of: Store = store): Promise<readonly (string | undefined)[]> {
  const extent = { kind: "segment", segment: 0, segments: 1 } as const;
  const page = await of.readPage({ table, extent, consistency: "strong" });
  return page.items.map(({ item }) => attributeOf(item, "title")?.S ?? attributeOf(item, "track")?.N);
}

function tokenOf(token: string, content = "content"): IdempotencyToken {
  return { scope, token, fingerprint: Buffer.from(content.padEnd(32)) };
}

describe("conflicts", () => {
  test("items of a transaction are kept from all other writes until it is durable", async () => {
    const release = holdFlush();
    const transaction = store.transact([put(1), put(2)]);
    assert.deepEqual(kindsOf(await store.write([put(2)])), ["conflict"]);
    assert.deepEqual(await kindsOfTransaction([put(3), put(1), put(4)]), [
      "untouched",
      "conflict",
      "untouched",
    ]);
    assert.deepEqual(kindsOf(await store.write([put(5), put(2)])), ["untouched", "conflict"]);
    assert.deepEqual(store.contended([1, 2, 3].map((track) => ({ table, key: keyOf(track) }))), [
      true,
      true,
      false,
    ]);
    release();
    await transaction;
    assert.deepEqual(await titles(), ["1", "2"]);
    assert.deepEqual(kindsOf(await store.write([put(2)])), ["written"]);
    assert.deepEqual(store.contended([{ table, key: keyOf(1) }]), [false]);
  });

  test("items that a transaction only checks are kept from others, too", async () => {
    const release = holdFlush();
    const transaction = store.transact([{ table, key: keyOf(1), change: { kind: "check" } }, put(2)]);
    assert.deepEqual(kindsOf(await store.write([put(1)])), ["conflict"]);
    release();
    await transaction;
  });

  test("other items are written meanwhile", async () => {
    const release = holdFlush();
    const transaction = store.transact([put(1)]);
    const write = store.write([put(2)]);
    const other = store.transact([put(3)]);
    release();
    assert.deepEqual(kindsOf(await write), ["written"]);
    await Promise.all([transaction, other]);
    assert.deepEqual(await titles(), ["1", "2", "3"]);
  });

  test("items are free again when a transaction was refused or failed", async () => {
    assert.deepEqual(await kindsOfTransaction([put(1, {}, () => false), put(2)]), ["refused", "written"]);
    const fails = () => {
      throw new Error("unfit");
    };
    const update: Write = { table, key: keyOf(1), change: { kind: "update", apply: fails } };
    await assert.rejects(store.transact([update, put(2)]), { message: "unfit" });
    assert.deepEqual(await titles(), []);
    assert.deepEqual(kindsOf(await store.write([put(1), put(2)])), ["written", "written"]);
  });
});

describe("tokens", () => {
  test("a transaction happens once a token, and tells later what it was metered by", async () => {
    await store.write([put(1, { title: { S: "x".repeat(2000) } })]);
    const writes = [put(1, { title: { S: "new" } }), put(2, {}, (before) => before === undefined)];
    assert.deepEqual(await kindsOfTransaction(writes, tokenOf("a")), ["written", "written"]);
    await store.write([put(1, { title: { S: "later" } })]);
    const sizes = [itemSize(song("Nina", 1, { title: { S: "x".repeat(2000) } })), itemSize(song("Nina", 2))];
    assert.deepEqual(await store.transact(writes, tokenOf("a")), { kind: "repeated", sizes });
    assert.deepEqual(await titles(), ["later", "2"]);
  });

  test("a token stands for one transaction", async () => {
    await store.transact([put(1)], tokenOf("a"));
    assert.deepEqual(await store.transact([put(2)], tokenOf("a", "other")), { kind: "mismatch" });
    assert.deepEqual(await titles(), ["1"]);
  });

  test("tokens of other accounts and regions, and other tokens, are apart", async () => {
    await store.transact([put(1)], tokenOf("a"));
    const others: readonly IdempotencyToken[] = [
      { ...tokenOf("a"), scope: { ...scope, region: "eu-west-1" } },
      { ...tokenOf("a"), scope: { ...scope, accountId: "111111111111" } },
      tokenOf("b"),
    ];
    for (const other of others) assert.deepEqual(await kindsOfTransaction([put(1)], other), ["written"]);
  });

  test("while a transaction is under way, its token is", async () => {
    const release = holdFlush();
    const transaction = store.transact([put(1)], tokenOf("a"));
    assert.deepEqual(await store.transact([put(1)], tokenOf("a")), { kind: "in-progress" });
    assert.deepEqual(await store.transact([put(1)], tokenOf("a", "other")), { kind: "mismatch" });
    release();
    await transaction;
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("a")), "repeated");
  });

  test("what has happened is repeated even while another transaction writes the items", async () => {
    await store.transact([put(1)], tokenOf("a"));
    const release = holdFlush();
    const other = store.transact([put(1)]);
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("a")), "repeated");
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("a", "other")), "mismatch");
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("b")), ["conflict"]);
    release();
    await other;
  });

  test("a transaction that came to nothing leaves its token free", async () => {
    assert.deepEqual(await kindsOfTransaction([put(1, {}, () => false)], tokenOf("a")), ["refused"]);
    const fails = () => {
      throw new Error("unfit");
    };
    const update: Write = { table, key: keyOf(1), change: { kind: "update", apply: fails } };
    await assert.rejects(store.transact([update], tokenOf("a")), { message: "unfit" });
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("a", "other")), ["written"]);
  });

  test("a token holds for ten minutes, and is free after that before anybody swept it", async () => {
    await store.transact([put(1)], tokenOf("a"));
    now += 10 * minuteMs - 1;
    assert.deepEqual(await kindsOfTransaction([put(1)], tokenOf("a")), "repeated");
    now += 1;
    assert.deepEqual(await kindsOfTransaction([put(2)], tokenOf("a", "other")), ["written"]);
    assert.deepEqual(await kindsOfTransaction([put(2)], tokenOf("a", "other")), "repeated");
  });

  test("tokens are in the engine: another server on it knows them", async () => {
    await store.transact([put(1)], tokenOf("a"));
    const other = openOn(memory);
    assert.equal((await other.transact([put(1)], tokenOf("a"))).kind, "repeated");
    assert.equal((await other.transact([put(1)], tokenOf("a", "other"))).kind, "mismatch");
  });

  test("two servers that use one token at once apply its transaction once", async () => {
    const other = openOn(memory);
    const both = await Promise.all([store, other].map((server) => server.transact([put(1)], tokenOf("a"))));
    assert.deepEqual(both.map(({ kind }) => kind).sort(), ["done", "repeated"]);
  });
});

describe("the sweep of tokens", () => {
  /** Everything under the keyspace of tokens. */
  async function entriesLeft(): Promise<number> {
    const range = { from: Buffer.of(6), until: Buffer.of(7) };
    const { entries } = await memory.read((view) => view.scan(range, { entriesMax: 10_000 }));
    return entries.length;
  }

  test("it erases what has expired, all of it, and nothing else", async () => {
    await store.transact([put(1)], tokenOf("old"));
    now += 5 * minuteMs;
    await store.transact([put(1)], tokenOf("young"));
    now += 5 * minuteMs;
    assert.equal(await entriesLeft(), 4);
    assert.equal(await store.idempotency.eraseSome(), false);
    assert.equal(await entriesLeft(), 2);
    assert.equal(await kindsOfTransaction([put(1)], tokenOf("young")), "repeated");
    now += 5 * minuteMs;
    assert.equal(await store.idempotency.eraseSome(), false);
    assert.equal(await entriesLeft(), 0);
  });

  test("it leaves alone a token that was used again after its time", async () => {
    await store.transact([put(1)], tokenOf("a"));
    now += 10 * minuteMs;
    await store.transact([put(1)], tokenOf("a"));
    assert.equal(await entriesLeft(), 2);
    await store.idempotency.eraseSome();
    assert.equal(await kindsOfTransaction([put(1)], tokenOf("a")), "repeated");
    assert.equal(await entriesLeft(), 2);
  });

  test("it erases many in bounded steps", async () => {
    const tokens = Array.from({ length: 1100 }, (_, index) => tokenOf(`token ${index}`));
    for (const [index, token] of tokens.entries()) await store.transact([put(index)], token);
    now += 10 * minuteMs;
    const steps: boolean[] = [];
    while (steps.at(-1) !== false) steps.push(await store.idempotency.eraseSome());
    assert.deepEqual(steps, [true, true, false]);
    assert.equal(await entriesLeft(), 0);
  });
});
