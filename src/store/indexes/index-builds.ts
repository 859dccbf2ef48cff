/**
 * Adds the items from before to a new index: every item gets one entry, counted once, whatever writers do
 * meanwhile.
 */
import type { Clock } from "../../base/clock.ts";
import type { Engine, Transaction } from "../../engine/engine.ts";
import { decodeBuildRecord } from "./build-record.ts";
import { entryKey, entryOf, indexPlan } from "./index-entries.ts";
import { decodeItem } from "../item-codec.ts";
import { releaseWalk, stepBounds, stepWalk, type ItemWalk, type Visit } from "../item-walk.ts";
import { buildInKey, buildKey, buildsRange } from "../keyspace.ts";
import { StatisticsChange } from "../statistics.ts";
import type { IndexBuild, IndexBuilds } from "../store.ts";
import { putTable } from "../table-record.ts";
import type { IndexDefinition, Table } from "../table.ts";

export function openIndexBuilds(engine: Engine, clock: Clock, bounds = stepBounds): IndexBuilds {
  return {
    async list(buildsMax) {
      const { entries } = await engine.read((view) => view.scan(buildsRange, { entriesMax: buildsMax }));
      return entries.map(({ key, value }) => {
        const { tableName, indexName, startsAt, itemsRead } = decodeBuildRecord(value);
        return { ...buildInKey(key), tableName, indexName, startsAt, itemsRead };
      });
    },
    step: (build, lease) => stepWalk(walkFor(build), { engine, bounds, lease, now: clock.now() }),
    release: ({ tableId, indexId }, owner) => releaseWalk(engine, buildKey(tableId, indexId), owner),
  };
}

function walkFor({ tableId, indexId }: IndexBuild): ItemWalk<IndexDefinition> {
  return {
    key: buildKey(tableId, indexId),
    tableId,
    subjectIn: ({ definition }) =>
      definition.indexes.find(({ id, state }) => id === indexId && state === "building"),
    visit: addEntries,
    finish(transaction, table, index) {
      putTable(transaction, withActive(table, index));
    },
  };
}

/** What has an entry was written since the index is maintained, and is left alone. */
async function addEntries(
  transaction: Transaction,
  { table, subject: index, itemKeys, items, now }: Visit<IndexDefinition>,
): Promise<void> {
  const plan = indexPlan(table, index);
  const wanted = itemKeys.flatMap((key, position) => {
    const value = items[position];
    if (value === undefined) return [];
    const stored = decodeItem(value);
    const at = entryKey(table, index, { key, stored });
    return at === undefined ? [] : [{ at, stored }];
  });
  const present = await transaction.getMany(wanted.map(({ at }) => at));
  const change = new StatisticsChange(table.id);
  wanted.forEach(({ at, stored }, position) => {
    if (present[position] !== undefined) return;
    const entry = entryOf(plan, stored, now);
    transaction.put(at, entry.bytes);
    change.addEntry(index.id, undefined, entry.sizeBytes);
  });
  change.stage(transaction);
}

function withActive(table: Table, { id }: IndexDefinition): Table {
  const indexes = table.definition.indexes.map((index) =>
    index.id === id ? { ...index, state: "active" as const, buildsFrom: undefined } : index,
  );
  return { ...table, version: table.version + 1, definition: { ...table.definition, indexes } };
}
