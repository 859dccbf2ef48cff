/** Closes shards that have grown old or large, so that what is read and what is erased stays in handy pieces. */
import type { Engine, Transaction } from "../../engine/engine.ts";
import { holdTableById, putTable, readTableById } from "../table-record.ts";
import type { Table } from "../table.ts";
import type { Log } from "./change-log.ts";
import { counterKey, logKey } from "./log-keys.ts";
import type { ChangeLogState, OpenShard } from "./log-state.ts";
import { closeShards, cutHashes, openShards } from "./reshard.ts";
import { decodeCounter } from "./shard-counter.ts";
import { logRecord } from "./log-records.ts";

export interface ShardBounds {
  /** How long a shard that takes records stays open. */
  readonly openMsMax: number;
  /** A shard that has taken so much is cut in two. */
  readonly bytesMax: number;
  /** Beyond so many open shards a log is not cut further. */
  readonly openShardsMax: number;
}

export interface RollOverTerms {
  readonly bounds: ShardBounds;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Answers whether any shard was to be closed. Another change of the table meanwhile leaves it to the next round. */
export async function rollOver(engine: Engine, { tableId }: Log, terms: RollOverTerms): Promise<boolean> {
  const due = await engine.read(async (view) => {
    const table = await readTableById(view, tableId);
    const state = table?.definition.changeLog;
    if (table === undefined || state === undefined || state.shards.length === 0) return undefined;
    const counters = await view.getMany(state.shards.map(({ id }) => counterKey({ tableId, shardId: id })));
    const verdicts = state.shards.map((shard, index) => verdictOn(shard, counters[index], terms));
    return { table, state, verdicts };
  });
  if (due === undefined || due.verdicts.every((verdict) => verdict === "stays")) return false;
  return engine.write((transaction) => reshard(transaction, due, terms));
}

type Verdict = "stays" | "rolls" | "splits";

function verdictOn(
  { openedAt }: OpenShard,
  counter: Uint8Array | undefined,
  { bounds, now }: RollOverTerms,
): Verdict {
  const { bytes } = decodeCounter(counter);
  if (bytes >= bounds.bytesMax) return "splits";
  // A shard without records has nothing that would ever be erased with it.
  return bytes > 0 && now - openedAt >= bounds.openMsMax ? "rolls" : "stays";
}

interface Due {
  readonly table: Table;
  readonly state: ChangeLogState;
  /** One an open shard. */
  readonly verdicts: readonly Verdict[];
}

async function reshard(
  transaction: Transaction,
  { table: seen, state, verdicts }: Due,
  { bounds, now }: RollOverTerms,
): Promise<boolean> {
  const table = await holdTableById(transaction, seen.id);
  if (table?.version !== seen.version) return true;
  const closing = state.shards.filter((_, index) => verdicts[index] !== "stays");
  const tableId = table.id;
  const closed = await closeShards(transaction, { tableId, state, now }, closing);
  let open = state.shards.length;
  const births = state.shards.flatMap(({ id, hashes }, index) => {
    if (verdicts[index] === "stays") return [];
    const splits =
      verdicts[index] === "splits" && open < bounds.openShardsMax && hashes.until - hashes.from > 1;
    if (splits) open += 1;
    return cutHashes(hashes, splits ? 2 : 1).map((part) => ({ hashes: part, parentId: id }));
  });
  const changeLog = openShards(transaction, { tableId, state: closed, now }, births);
  putTable(transaction, {
    ...table,
    version: table.version + 1,
    definition: { ...table.definition, changeLog },
  });
  await stageShardCount(transaction, tableId, changeLog);
  return true;
}

async function stageShardCount(
  transaction: Transaction,
  tableId: number,
  { nextShardId }: ChangeLogState,
): Promise<void> {
  const [value] = await transaction.getMany([logKey(tableId)]);
  if (value === undefined) return;
  transaction.put(logKey(tableId), logRecord.encode({ ...logRecord.decode(value), nextShardId }));
}
