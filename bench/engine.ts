/**
 * The engines alone, in process: the ceilings of everything built on them.
 * `node --import tsx bench/engine.ts [memory|lmdb|lmdb-relaxed]... [--seconds 2] [--items 100000]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Engine } from "../src/engine/engine.ts";
import { openLmdbEngine } from "../src/engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../src/engine/memory/open-memory-engine.ts";
import { summarise, type Round } from "./load/round.ts";

export interface EngineLoad {
  /** A write reads three keys and puts two: an item of 400 bytes and a counter that every write touches. */
  readonly work: "write" | "get";
  readonly items: number;
  /** How many do it at once, each waiting for its own before the next. */
  readonly workers: number;
  readonly measureMs: number;
}

const itemBytes = 400;
const counterKey = Buffer.from([7, 0, 0, 0, 1, 0]);
const stampKey = Buffer.from([1, 2, 0, 0, 0, 1]);

/** As long as real keys of items are, and as scattered as their hashes. */
function itemKey(number: number): Buffer {
  const key = Buffer.alloc(29);
  key.set([2, 0, 0, 0, 1]);
  key.writeUInt32BE(Math.imul(number, 2_654_435_761) >>> 0, 5);
  key.writeUInt32BE(number, 21);
  return key;
}

/** Puts `items` items, a stamp and a counter into an empty engine. */
export async function fillEngine(engine: Engine, items: number): Promise<void> {
  const value = Buffer.alloc(itemBytes, "v");
  for (let from = 0; from < items; from += 2_000) {
    await engine.write((transaction) => {
      for (let number = from; number < Math.min(items, from + 2_000); number++) {
        transaction.put(itemKey(number), value);
      }
      transaction.put(stampKey, Buffer.alloc(8));
      return Promise.resolve();
    });
  }
}

/** Loads a filled engine for a while. */
export async function measureEngine(engine: Engine, load: EngineLoad): Promise<Round> {
  const once = load.work === "write" ? writeOnce : getOnce;
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + load.measureMs;
  const worker = async () => {
    for (let now = performance.now(); now < until;) {
      await once(engine, itemKey(Math.floor(Math.random() * load.items)));
      const then = performance.now();
      latencies.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: load.workers }, worker));
  return summarise(latencies, (performance.now() - started) / 1000);
}

async function writeOnce(engine: Engine, key: Uint8Array): Promise<void> {
  await engine.write(async (transaction) => {
    const [, counter, before] = await transaction.getMany([stampKey, counterKey, key]);
    const next = Buffer.alloc(16);
    next.writeDoubleBE(1 + (counter === undefined ? 0 : Buffer.from(counter).readDoubleBE(0)), 0);
    transaction.put(key, Buffer.alloc(itemBytes, (before?.[0] ?? 0) + 1));
    transaction.put(counterKey, next);
  });
}

async function getOnce(engine: Engine, key: Uint8Array): Promise<void> {
  await engine.read((view) => view.getMany([key]));
}

/** Opens an engine by its name, on a new folder where it needs one, and closes it behind `use`. */
export async function withEngine(name: string, use: (engine: Engine) => Promise<void>): Promise<void> {
  if (name === "memory") {
    await use(openMemoryEngine());
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "stator-bench-"));
  const durability = name === "lmdb-relaxed" ? "relaxed" : "strict";
  const engine = await openLmdbEngine({ folder, durability });
  try {
    await use(engine);
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: "2" },
      items: { type: "string", default: "100000" },
    },
  });
  const items = Number(values.items);
  const measureMs = Number(values.seconds) * 1000;
  for (const name of positionals.length === 0 ? ["memory", "lmdb", "lmdb-relaxed"] : positionals) {
    await withEngine(name, async (engine) => {
      await fillEngine(engine, items);
      for (const [work, workers] of [
        ["write", 1],
        ["write", 32],
        ["write", 64],
        ["get", 1],
      ] as const) {
        const round = await measureEngine(engine, { work, workers, items, measureMs });
        const rate = Math.round(round.operations / round.seconds).toLocaleString("en");
        const latency = `p50 ${round.p50Ms.toFixed(3)} ms, p99 ${round.p99Ms.toFixed(3)} ms`;
        console.log(
          `${name.padEnd(13)} ${work.padEnd(5)} ${String(workers).padStart(2)} at once  ${rate.padStart(9)}/s  ${latency}`,
        );
      }
    });
  }
}

if (process.argv[1] === import.meta.filename) await main();
