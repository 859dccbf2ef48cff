/** What an engine holds, counted and summed up, to find out whether two hold the same. */
import { createHash, type Hash } from "node:crypto";
import type { Engine, Entry, Tally } from "../../engine/engine.ts";
import { batchesOf } from "./batches.ts";
import { talliedTables, talliesOf } from "./catalog-tables.ts";
import { groupOf, isSameGroup, type Group } from "./migration-keys.ts";

export interface Inventory {
  /** In key order. */
  readonly holdings: readonly Holding[];
  /** By table id, without parts of which nothing is left: an engine may remember them or not. */
  readonly tallies: ReadonlyMap<number, Tally>;
}

/** The entries of one group. */
export interface Holding {
  readonly group: Group;
  readonly entries: number;
  /** The sum of the lengths of keys and values. */
  readonly bytes: number;
  /** SHA-256, in hexadecimal digits, of all keys and values in key order, each behind its length. */
  readonly checksum: string;
}

/** Reads all of an engine; `onRead` is told of each batch. */
export async function takeInventory(
  engine: Engine,
  onRead: (entries: readonly Entry[]) => void,
): Promise<Inventory> {
  const holdings: Holding[] = [];
  let counter: HoldingCounter | undefined;
  for await (const entries of batchesOf(engine, undefined)) {
    for (const run of runsOf(entries)) {
      if (counter === undefined || !isSameGroup(counter.group, run.group)) {
        if (counter !== undefined) holdings.push(counter.finish());
        counter = new HoldingCounter(run.group);
      }
      counter.add(run.entries);
    }
    onRead(entries);
  }
  if (counter !== undefined) holdings.push(counter.finish());
  return { holdings, tallies: await tallies(engine) };
}

interface Run {
  readonly group: Group;
  readonly entries: Entry[];
}

/** Entries in key order, cut where another group begins. */
function runsOf(entries: readonly Entry[]): readonly Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const entry of entries) {
    const group = groupOf(entry.key);
    if (run === undefined || !isSameGroup(run.group, group)) {
      run = { group, entries: [] };
      runs.push(run);
    }
    run.entries.push(entry);
  }
  return runs;
}

class HoldingCounter {
  readonly group: Group;
  readonly #hash: Hash = createHash("sha256");
  #entries = 0;
  #bytes = 0;

  constructor(group: Group) {
    this.group = group;
  }

  /** All at once: a call of the hash costs more than what it does with one entry. */
  add(entries: readonly Entry[]): void {
    const parts: Uint8Array[] = [];
    for (const { key, value } of entries) {
      const lengths = Buffer.allocUnsafe(8);
      lengths.writeUInt32BE(key.length, 0);
      lengths.writeUInt32BE(value.length, 4);
      parts.push(lengths, key, value);
      this.#bytes += key.length + value.length;
    }
    this.#hash.update(Buffer.concat(parts));
    this.#entries += entries.length;
  }

  finish(): Holding {
    const checksum = this.#hash.digest("hex");
    return { group: this.group, entries: this.#entries, bytes: this.#bytes, checksum };
  }
}

const tablesAtOnce = 100;

async function tallies(engine: Engine): Promise<ReadonlyMap<number, Tally>> {
  const found = new Map<number, Tally>();
  const tableIds = await talliedTables(engine);
  for (let start = 0; start < tableIds.length; start += tablesAtOnce) {
    const some = tableIds.slice(start, start + tablesAtOnce);
    const tallies = await talliesOf(engine, some);
    some.forEach((id, index) => found.set(id, withoutZeros(tallies[index])));
  }
  return found;
}

function withoutZeros(tally: Tally | undefined): Tally {
  return new Map([...(tally ?? [])].filter(([, { count, bytes }]) => count !== 0 || bytes !== 0));
}
