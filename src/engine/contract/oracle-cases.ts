/** Random transactions and views at once, judged by a sorted map that runs them one after another. */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { afterKey, compareBytes } from "../../base/bytes.ts";
import type { Engine, Entry, KeyRange, ReadView, ScanOptions } from "../engine.ts";
import { bytes, getIn, type ContractCase } from "./contract-case.ts";

/** Every transaction counts up this key, which tells in what order they took effect. It sorts before all others. */
const serialKey = "\0serial";

const keyBytes = fc.oneof(
  fc
    .uint8Array({ minLength: 1, maxLength: 3 })
    .map((tail) => Uint8Array.of(1, ...tail.map((byte) => byte & 0x83))),
  fc.uint8Array({ minLength: 0, maxLength: 40 }).map((tail) => Uint8Array.of(2, ...tail)),
);
const valueBytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.nat(20_000).map((length) => new Uint8Array(length).fill(length & 0xff)),
);

const step = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), key: keyBytes, value: valueBytes }),
  fc.record({ kind: fc.constant("delete" as const), key: keyBytes }),
  fc.record({ kind: fc.constant("get" as const), key: keyBytes }),
  fc.record({ kind: fc.constant("turn" as const) }),
);
const write = fc.record({
  kind: fc.constant("write" as const),
  steps: fc.array(step, { maxLength: 8 }),
  throws: fc.nat(5).map((dice) => dice === 0),
});
const scan = fc.record({
  kind: fc.constant("scan" as const),
  from: keyBytes,
  until: keyBytes,
  reverse: fc.boolean(),
  entriesMax: fc.integer({ min: 1, max: 8 }),
  bytesMax: fc.integer({ min: 0, max: 30_000 }),
  turns: fc.boolean(),
});
const pause = fc.record({ kind: fc.constant("pause" as const) });
const task = fc.oneof(
  { arbitrary: write, weight: 4 },
  { arbitrary: scan, weight: 2 },
  { arbitrary: pause, weight: 1 },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;
type Scan = typeof scan extends fc.Arbitrary<infer T> ? T : never;
type Task = typeof task extends fc.Arbitrary<infer T> ? T : never;

export const oracleCases: readonly ContractCase[] = [
  {
    title: "random transactions and views agree with a sorted map",
    async run(engine) {
      const oracle = new Oracle();
      const property = fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 25 }), (tasks) =>
        runAll(engine, oracle, tasks),
      );
      await fc.assert(property, { numRuns: 60, endOnFailure: true });
    },
  },
];

/** What one committed transaction did, as its body saw it. */
interface Committed {
  readonly serial: number;
  readonly steps: readonly Step[];
  readonly gets: readonly (Uint8Array | undefined)[];
}

interface Scanned {
  readonly serial: number;
  readonly scan: Scan;
  readonly entries: readonly Entry[];
}

async function runAll(engine: Engine, oracle: Oracle, tasks: readonly Task[]): Promise<void> {
  const running: Promise<Committed | Scanned | undefined>[] = [];
  for (const task of tasks) {
    if (task.kind === "write") running.push(runWrite(engine, task));
    else if (task.kind === "scan") running.push(engine.read((view) => runScan(view, task)));
    else await setImmediate();
  }
  const observed = (await Promise.all(running)).filter((one) => one !== undefined);
  const writes = observed.filter((one) => "gets" in one).sort((left, right) => left.serial - right.serial);
  const scans = observed.filter((one) => "entries" in one);
  let checked = 0;
  const checkScans = () => {
    const ofThisMoment = scans.filter(({ serial }) => serial === oracle.serial);
    for (const scanned of ofThisMoment) oracle.checkScan(scanned);
    checked += ofThisMoment.length;
  };
  checkScans();
  for (const write of writes) {
    oracle.replay(write);
    checkScans();
  }
  assert.equal(checked, scans.length, "every view was of a moment there was");
  oracle.checkScan(await engine.read((view) => runScan(view, wholeScan)));
}

const wholeScan: Scan = {
  kind: "scan",
  from: Uint8Array.of(1),
  until: Uint8Array.of(3),
  reverse: false,
  entriesMax: 50,
  bytesMax: 1_000_000,
  turns: false,
};

async function runWrite(engine: Engine, { steps, throws }: Write): Promise<Committed | undefined> {
  const refusal = new Error("refused");
  const writing = engine.write(async (transaction) => {
    const serial = Number((await getIn(transaction, serialKey)) ?? 0) + 1;
    transaction.put(bytes(serialKey), bytes(String(serial)));
    const gets: (Uint8Array | undefined)[] = [];
    for (const step of steps) {
      if (step.kind === "put") transaction.put(step.key, step.value);
      else if (step.kind === "delete") transaction.delete(step.key);
      else if (step.kind === "get") gets.push((await transaction.getMany([step.key]))[0]);
      else await setImmediate();
    }
    if (throws) throw refusal;
    return { serial, steps, gets };
  });
  if (!throws) return writing;
  await assert.rejects(writing, (error) => error === refusal);
  return undefined;
}

/** Reads the whole range in chunks. */
async function runScan(view: ReadView, scan: Scan): Promise<Scanned> {
  const serial = Number((await getIn(view, serialKey)) ?? 0);
  const options: ScanOptions = {
    reverse: scan.reverse,
    entriesMax: scan.entriesMax,
    bytesMax: scan.bytesMax,
  };
  const entries: Entry[] = [];
  let range: KeyRange = { from: scan.from, until: scan.until };
  for (;;) {
    const chunk = await view.scan(range, options);
    entries.push(...chunk.entries);
    const last = chunk.entries.at(-1);
    if (chunk.exhausted || last === undefined) return { serial, scan, entries };
    range = scan.reverse ? { ...range, until: last.key } : { ...range, from: afterKey(last.key) };
    if (scan.turns) await setImmediate();
  }
}

/** The whole contract in a few lines: one map, one transaction after another. */
class Oracle {
  serial = 0;
  readonly #entries = new Map<string, Entry>();

  replay({ serial, steps, gets }: Committed): void {
    assert.equal(serial, this.serial + 1, "transactions took effect one after another");
    this.serial = serial;
    let got = 0;
    for (const step of steps) {
      if (step.kind === "put") this.#entries.set(hex(step.key), step);
      else if (step.kind === "delete") this.#entries.delete(hex(step.key));
      else if (step.kind === "get")
        assert.equal(hexOf(gets[got++]), hexOf(this.#entries.get(hex(step.key))?.value));
    }
  }

  checkScan({ scan, entries }: Scanned): void {
    const expected = [...this.#entries.values()]
      .filter(({ key }) => compareBytes(key, scan.from) >= 0 && compareBytes(key, scan.until) < 0)
      .sort((left, right) => compareBytes(left.key, right.key));
    assert.deepEqual(entries.map(textOf), (scan.reverse ? expected.reverse() : expected).map(textOf));
  }
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString("hex");
}

function hexOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : hex(value);
}

function textOf({ key, value }: Entry): string {
  return `${hex(key)}=${hex(value)}`;
}
