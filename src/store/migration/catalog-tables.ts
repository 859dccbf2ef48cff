/** The tables of an engine as a migration sees them: all accounts and regions, and those that are being erased. */
import { hash } from "node:crypto";
import { afterKey } from "../../base/bytes.ts";
import type { Engine, Entry, KeyRange, Tally } from "../../engine/engine.ts";
import {
  definitionsRange,
  removalInKey,
  removalsRange,
  statisticsKey,
  tableIdInDefinitionKey,
} from "../keyspace.ts";
import { decodeTable } from "../table-record.ts";
import { catalogRange } from "./migration-keys.ts";

const entriesMax = 500;

/** A hash of all definitions, with what is left to do on them: different sources have different ones. */
export async function fingerprintOf(engine: Engine): Promise<string> {
  const entries = await entriesIn(engine, catalogRange);
  const parts = entries.flatMap(({ key, value }) => [
    hash("sha256", key, "buffer"),
    hash("sha256", value, "buffer"),
  ]);
  return hash("sha256", Buffer.concat(parts), "hex");
}

/** What people call the tables, by their ids. */
export async function namesOfTables(engine: Engine): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const { key, value } of await entriesIn(engine, definitionsRange)) {
    const { id, definition } = decodeTable(tableIdInDefinitionKey(key), value);
    const { accountId, region } = definition.scope;
    names.set(id, `${accountId}/${region}/${definition.name}`);
  }
  return names;
}

/** The tables that have a tally, in ascending order: one that was removed keeps its own until it is erased. */
export async function talliedTables(engine: Engine): Promise<readonly number[]> {
  const defined = await entriesIn(engine, definitionsRange, false);
  const removed = await entriesIn(engine, removalsRange, false);
  const ids = new Set(defined.map(({ key }) => tableIdInDefinitionKey(key)));
  for (const { key } of removed) {
    const { tableId, indexId } = removalInKey(key);
    if (indexId === undefined) ids.add(tableId);
  }
  return [...ids].sort((left, right) => left - right);
}

/** The tallies of tables, in their order. */
export function talliesOf(engine: Engine, tableIds: readonly number[]): Promise<readonly Tally[]> {
  return engine.read((view) => Promise.all(tableIds.map((id) => view.tally(statisticsKey(id)))));
}

async function entriesIn(engine: Engine, range: KeyRange, values = true): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  let { from } = range;
  for (;;) {
    const chunk = await engine.read((view) =>
      view.scan({ from, until: range.until }, { entriesMax, values }),
    );
    found.push(...chunk.entries);
    const last = chunk.entries.at(-1);
    if (chunk.exhausted || last === undefined) return found;
    from = afterKey(last.key);
  }
}
