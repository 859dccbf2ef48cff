/** Writes one record for every item that changes, where somebody reads the log of its table. */
import { assert } from "../../base/assert.ts";
import type { Transaction } from "../../engine/engine.ts";
import { encodeItem } from "../item-codec.ts";
import { pickKey, tableKeyAttributes } from "../key-attributes.ts";
import type { Maintainer, MaintenanceTerms, PlannedWrite } from "../maintainer.ts";
import type { StoredItem } from "../stored-item.ts";
import type { WrittenOutcome } from "../write.ts";
import { itemSize } from "../../values/size.ts";
import type { ShardRef } from "./change-log.ts";
import { isChanged } from "./is-changed.ts";
import { counterKey, imageApartKey, recordKey } from "./log-keys.ts";
import { isLogged, openShardOf } from "./open-shards.ts";
import { encodeRecord, type RecordContent } from "./record-codec.ts";
import { decodeCounter, encodeCounter } from "./shard-counter.ts";

export function logMaintainer(
  writes: readonly PlannedWrite[],
  { writtenAt }: MaintenanceTerms,
): Maintainer | undefined {
  if (!writes.some(({ write }) => isLogged(write.table))) return undefined;
  const shards: ShardRef[] = [];
  const shardOfWrite = writes.map(({ write, key }) => {
    const open = openShardOf(write.table, key);
    return open === undefined ? undefined : placeOf(shards, { tableId: write.table.id, shardId: open.id });
  });
  return {
    keys: shards.map(counterKey),
    prepare: ({ transaction, written, values }) => ({
      stage() {
        const appenders = shards.map((shard, index) => new Appender(transaction, shard, values[index]));
        writes.forEach((planned, index) => {
          const appender = appenders[shardOfWrite[index] ?? -1];
          const outcome = written[index];
          if (appender === undefined || outcome === undefined) return;
          const content = recordContent(planned, outcome, writtenAt);
          if (content !== undefined) appender.append(content);
        });
        for (const appender of appenders) appender.stageCounter();
      },
    }),
  };
}

/** The index of a shard among others, to which it is added where it is not one of them. */
function placeOf(shards: ShardRef[], { tableId, shardId }: ShardRef): number {
  const place = shards.findIndex((shard) => shard.tableId === tableId && shard.shardId === shardId);
  return place < 0 ? shards.push({ tableId, shardId }) - 1 : place;
}

/** What the log says of a write; undefined when it changed nothing. */
function recordContent(
  { write }: PlannedWrite,
  { before, after }: WrittenOutcome,
  writtenAt: number,
): RecordContent | undefined {
  if (!isChanged(before, after)) return undefined;
  const { table, origin = "user" } = write;
  const images = table.definition.changeLog?.images;
  const shownBefore = images?.before === true ? before : undefined;
  const shownAfter = images?.after === true ? after : undefined;
  return {
    kind: before === undefined ? "insert" : after === undefined ? "remove" : "modify",
    origin,
    writtenAt,
    key: shownAfter ?? shownBefore ?? keyImage(write, writtenAt),
    before: shownBefore,
    after: shownAfter,
  };
}

function keyImage({ table, key }: PlannedWrite["write"], writtenAt: number): StoredItem {
  const attributes = pickKey(tableKeyAttributes(table.definition.keySchema), key);
  return encodeItem(attributes, itemSize(attributes), writtenAt);
}

/** Adds the records of one transaction to one shard. */
class Appender {
  readonly #transaction: Transaction;
  readonly #shard: ShardRef;
  readonly #before: number;
  #sequence: number;
  #bytes: number;

  constructor(transaction: Transaction, shard: ShardRef, counter: Uint8Array | undefined) {
    const { sequence, bytes } = decodeCounter(counter);
    this.#transaction = transaction;
    this.#shard = shard;
    this.#before = sequence;
    this.#sequence = sequence;
    this.#bytes = bytes;
  }

  append(content: RecordContent): void {
    const { value, beforeApart } = encodeRecord(content);
    this.#sequence += 1;
    assert(Number.isSafeInteger(this.#sequence), "sequences last for centuries");
    const key = recordKey(this.#shard, this.#sequence);
    this.#transaction.put(key, value);
    if (beforeApart !== undefined) this.#transaction.put(imageApartKey(key), beforeApart);
    this.#bytes += value.length + (beforeApart?.length ?? 0);
  }

  stageCounter(): void {
    if (this.#sequence === this.#before) return;
    const counter = encodeCounter({ sequence: this.#sequence, bytes: this.#bytes });
    this.#transaction.put(counterKey(this.#shard), counter);
  }
}
