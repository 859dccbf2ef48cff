import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Transaction } from "../engine.ts";
import { GroupCommit, type DurableMap } from "./group-commit.ts";
import type { StagedEntry } from "./staged-transaction.ts";

const key = (name: string) => Buffer.from(name);

/** A durable map whose flushes end when the test says so. */
class SlowMap implements DurableMap {
  readonly entries = new Map<string, string>();
  /** The keys of each flush, in the order of flushes. */
  readonly flushed: string[][] = [];
  #finish: ((failure?: Error) => void) | undefined;

  get(bytes: Uint8Array): Uint8Array | undefined {
    const value = this.entries.get(Buffer.from(bytes).toString());
    return value === undefined ? undefined : Buffer.from(value);
  }

  apply(staged: Iterable<StagedEntry>): Promise<void> {
    const group = [...staged].map((entry): [string, string] => [
      Buffer.from(entry.key).toString(),
      Buffer.from(entry.value ?? []).toString(),
    ]);
    this.flushed.push(group.map(([name]) => name));
    return new Promise((resolve, reject) => {
      this.#finish = (failure) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        for (const [name, value] of group) this.entries.set(name, value);
        resolve();
      };
    });
  }

  async flushStarts(): Promise<void> {
    while (this.#finish === undefined) await setImmediate();
  }

  async finishFlush(failure?: Error): Promise<void> {
    await this.flushStarts();
    this.#finish?.(failure);
    this.#finish = undefined;
    await setImmediate();
  }
}

function put(name: string, value: string) {
  return (transaction: Transaction) => {
    transaction.put(key(name), Buffer.from(value));
    return Promise.resolve(value);
  };
}

async function read(transaction: Transaction, name: string): Promise<string | undefined> {
  const [value] = await transaction.getMany([key(name)]);
  return value === undefined ? undefined : Buffer.from(value).toString();
}

/** Notes in `ended` how each write ended, when it did. */
function watch(ended: string[], name: string, writing: Promise<unknown>): void {
  writing.then(
    (result) => ended.push(`${name}: ${String(result)}`),
    (error: unknown) => ended.push(`${name}: ${String(error)}`),
  );
}

test("writes handed in together share one flush, in which a hot key comes once", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  const writes = Promise.all([
    commits.write(put("hot", "1")),
    commits.write(put("cold", "1")),
    commits.write(put("hot", "2")),
  ]);
  await map.finishFlush();
  assert.deepEqual(await writes, ["1", "1", "2"]);
  assert.deepEqual(map.flushed, [["hot", "cold"]]);
  assert.equal(map.entries.get("hot"), "2");
});

test("a write resolves only when its flush has ended", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  const ended: string[] = [];
  watch(ended, "write", commits.write(put("a", "1")));
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  assert.deepEqual([ended, map.flushed], [[], [["a"]]]);
  await map.finishFlush();
  assert.deepEqual(ended, ["write: 1"]);
});

test("bodies run on top of the group being flushed and settle after it, those that read or refuse included", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  const ended: string[] = [];
  watch(ended, "first", commits.write(put("a", "1")));
  await map.flushStarts();
  watch(
    ended,
    "reader",
    commits.write((transaction) => read(transaction, "a")),
  );
  const refuser = commits.write(async (transaction) => {
    transaction.put(key("refused"), key("1"));
    throw new Error(`saw ${String(await read(transaction, "a"))}`);
  });
  watch(ended, "refuser", refuser);
  watch(ended, "writer", commits.write(put("b", "2")));
  await setImmediate();
  await setImmediate();
  assert.deepEqual(ended, []);
  await map.finishFlush();
  assert.deepEqual(ended, ["first: 1"]);
  await map.finishFlush();
  assert.deepEqual(ended, ["first: 1", "reader: 1", "refuser: Error: saw 1", "writer: 2"]);
  assert.deepEqual(map.flushed, [["a"], ["b"]]);
});

test("a body that touches nothing undurable settles without any flush", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  assert.equal(await commits.write((transaction) => read(transaction, "a")), undefined);
  await assert.rejects(
    commits.write(() => {
      throw new Error("refused");
    }),
    /refused/,
  );
  await commits.idle();
  assert.deepEqual(map.flushed, []);
});

test("a failed flush fails its writes and all that ran on top of them, and no later write succeeds", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  const ended: string[] = [];
  watch(ended, "first", commits.write(put("a", "1")));
  await map.flushStarts();
  watch(
    ended,
    "reader",
    commits.write((transaction) => read(transaction, "a")),
  );
  watch(ended, "writer", commits.write(put("b", "1")));
  let wake = (): void => undefined;
  const slow = commits.write(async (transaction) => {
    await new Promise<void>((resolve) => (wake = resolve));
    transaction.put(key("c"), key("1"));
  });
  watch(ended, "slow", slow);
  await setImmediate();
  await map.finishFlush(new Error("disk gone"));
  wake();
  await setImmediate();
  watch(ended, "later", commits.write(put("d", "1")));
  await commits.idle();
  const failure = "EngineError: a write could not be made durable: disk gone";
  assert.deepEqual(
    ended,
    ["first", "reader", "writer", "slow", "later"].map((name) => `${name}: ${failure}`),
  );
  assert.deepEqual([map.flushed, map.entries.size], [[["a"]], 0]);
});

test("bytes seen in an undurable group stay as they were when their writer reuses them", async () => {
  const map = new SlowMap();
  const commits = new GroupCommit(map);
  const memory = Buffer.from("before");
  const first = commits.write((transaction) => {
    transaction.put(key("a"), memory);
    return Promise.resolve();
  });
  const second = commits.write((transaction) => transaction.getMany([key("a")]));
  await map.finishFlush();
  await first;
  memory.fill("#");
  assert.deepEqual((await second).map(String), ["before"]);
});
