/** The work that a change of a table's indexes leaves to the background, staged with the change itself. */
import type { Transaction } from "../../engine/engine.ts";
import { encodeBuildRecord, newBuild } from "./build-record.ts";
import { buildKey, removalKey } from "../keyspace.ts";
import type { Work } from "../store.ts";
import type { IndexDefinition, Table } from "../table.ts";

/** `before` is undefined for a table that is new. */
export function stageIndexWork(
  transaction: Transaction,
  before: Table | undefined,
  { id, definition }: Table,
): readonly Work[] {
  const was = statesOf(before?.definition.indexes);
  const is = statesOf(definition.indexes);
  const work: Work[] = [];
  for (const index of definition.indexes) {
    if (index.state !== "building" || was.get(index.id) === "building") continue;
    const names = { tableName: definition.name, indexName: index.name };
    const record = newBuild({ ...names, startsAt: index.buildsFrom });
    transaction.put(buildKey(id, index.id), encodeBuildRecord(record));
    work.push("index-build");
  }
  for (const [indexId, state] of was) {
    if (isGoing(state) || !isGoing(is.get(indexId))) continue;
    transaction.delete(buildKey(id, indexId));
    transaction.put(removalKey(id, indexId), Buffer.alloc(0));
    work.push("removal");
  }
  return work;
}

/** Stages the removal of a table, which covers whatever was to be done for its indexes. */
export function stageTableRemoval(transaction: Transaction, { id, definition }: Table): void {
  for (const index of definition.indexes) {
    if (index.state === "building") transaction.delete(buildKey(id, index.id));
    if (index.state === "deleting") transaction.delete(removalKey(id, index.id));
  }
  transaction.put(removalKey(id), Buffer.alloc(0));
}

type IndexState = IndexDefinition["state"];

function statesOf(indexes: readonly IndexDefinition[] = []): ReadonlyMap<number, IndexState> {
  return new Map(indexes.map(({ id, state }) => [id, state]));
}

function isGoing(state: IndexState | undefined): boolean {
  return state === undefined || state === "deleting";
}
