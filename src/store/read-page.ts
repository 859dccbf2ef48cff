/** Reads one page of a table: as many items as the limits allow, and the reason why it ended. */
import { compareBytes, afterKey } from "../base/bytes.ts";
import { assert } from "../base/assert.ts";
import type { Chunk, KeyRange, ReadView } from "../engine/engine.ts";
import { attributeOf, emptyItem, type Item } from "../model/attribute-value.ts";
import { AttributePicker } from "./attribute-picker.ts";
import { decodeItem } from "./item-codec.ts";
import { extentRange, itemKey, stampKey } from "./keyspace.ts";
import type { Page, PageRequest, Stop } from "./page.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";
import type { Table } from "./table.ts";

/** A page never reads more than 1 MB of items, whatever its filter leaves. */
export const pageBytesMax = 1_048_576;

/** How many entries to ask the engine for at once when the request sets no limit. */
const chunkEntriesMax = 250;

export async function readPage(view: ReadView, request: PageRequest): Promise<Page> {
  const { table, reverse = false } = request;
  const [stamp] = await view.getMany([stampKey(table.id)]);
  checkStamp(table, stamp);
  const page = new PageBuilder(request);
  let range = behind(extentRange(table, request.extent), startOf(request), reverse);
  while (compareBytes(range.from, range.until) < 0) {
    const chunk = await view.scan(range, { reverse, ...page.chunkBounds() });
    page.add(chunk);
    const last = chunk.entries.at(-1);
    if (page.full || chunk.exhausted || last === undefined) break;
    range = behind(range, last.key, reverse);
  }
  return page.finish();
}

function startOf({ table, after }: PageRequest): Uint8Array | undefined {
  return after === undefined ? undefined : itemKey(table, after);
}

/** The part of `range` that is read after `key`. */
function behind(range: KeyRange, key: Uint8Array | undefined, reverse: boolean): KeyRange {
  if (key === undefined) return range;
  if (reverse) return compareBytes(key, range.until) < 0 ? { from: range.from, until: key } : range;
  const from = afterKey(key);
  return compareBytes(from, range.from) > 0 ? { from, until: range.until } : range;
}

class PageBuilder {
  readonly #request: PageRequest;
  readonly #items: StoredItem[] = [];
  #picker: AttributePicker | undefined;
  #scannedCount = 0;
  #scannedBytes = 0;
  #last: StoredItem | undefined;
  #stop: Stop = "exhausted";

  constructor(request: PageRequest) {
    this.#request = request;
  }

  get full(): boolean {
    return this.#stop !== "exhausted";
  }

  /** Bounds what one chunk holds in memory; a page goes on with the next one until it is full itself. */
  chunkBounds(): { entriesMax: number; bytesMax: number } {
    const itemsLeft = (this.#request.itemsMax ?? Infinity) - this.#scannedCount;
    return { entriesMax: Math.min(itemsLeft, chunkEntriesMax), bytesMax: pageBytesMax };
  }

  add({ entries }: Chunk): void {
    const { itemsMax = Infinity } = this.#request;
    for (const { value } of entries) {
      const stored = decodeItem(value);
      if (this.#scannedBytes + stored.sizeBytes > pageBytesMax) {
        this.#stop = "byte-limit";
        return;
      }
      this.#scannedCount += 1;
      this.#scannedBytes += stored.sizeBytes;
      this.#last = stored;
      if (this.#keeps(stored)) this.#items.push(stored);
      if (this.#scannedCount >= itemsMax) {
        this.#stop = "item-limit";
        return;
      }
    }
  }

  #keeps(stored: StoredItem): boolean {
    const { filter } = this.#request;
    if (filter === undefined) return true;
    this.#picker ??= new AttributePicker(filter.attributes);
    return filter.accepts(this.#picker.pick(stored));
  }

  finish(): Page {
    const last = this.#stop === "exhausted" ? undefined : this.#last;
    return {
      items: this.#items,
      scannedCount: this.#scannedCount,
      scannedBytes: this.#scannedBytes,
      stop: this.#stop,
      lastKey: last === undefined ? undefined : primaryKeyOf(this.#request.table, last.item),
    };
  }
}

/** The key attributes of an item, alone. */
function primaryKeyOf(table: Table, item: Item): Item {
  const { partitionKey, sortKey } = table.definition.keySchema;
  const key = emptyItem();
  for (const attribute of sortKey === undefined ? [partitionKey] : [partitionKey, sortKey]) {
    const value = attributeOf(item, attribute.name);
    assert(value !== undefined, "a stored item holds its key");
    key[attribute.name] = value;
  }
  return key;
}
