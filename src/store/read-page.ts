/** Reads one page of a table or index: as many items as the limits allow, and the reason why it ended. */
import { compareBytes, afterKey } from "../base/bytes.ts";
import { assert } from "../base/assert.ts";
import type { Consistency, Engine, Entry, KeyRange, ReadView } from "../engine/engine.ts";
import { AttributePicker } from "./attribute-picker.ts";
import { readUnits } from "./capacity.ts";
import { placeOf } from "./extent.ts";
import { decodeItem } from "./item-codec.ts";
import { entryKeyAttributes, pickKey } from "./key-attributes.ts";
import { extentRange, itemKey, stampKey } from "./keyspace.ts";
import type { Page, PageRequest, Stop } from "./page.ts";
import type { StoredItem } from "./stored-item.ts";
import { checkStamp } from "./table-stamp.ts";

/** A page never reads more than 1 MB of items, whatever its filter leaves. */
export const pageBytesMax = 1_048_576;

/** How many entries to ask the engine for at once when the request sets no limit. */
const chunkEntriesMax = 250;
/** The same where each entry stands for a whole item to fetch, which may be large. */
const fetchedEntriesMax = 25;
/** The same where the chunk should be the whole page. */
const shortPageEntriesMax = 1_000;

export async function readPage(
  engine: Engine,
  request: PageRequest,
  consistency: Consistency,
): Promise<Page> {
  if (engine.readChunk !== undefined && request.fetchesItems !== true) {
    const short = await readShortPage(engine, request, consistency);
    if (short !== undefined) return short;
  }
  return engine.read((view) => readFrom(view, request), consistency);
}

/** What most pages take: one chunk. Undefined where there is more to read, which would be of another moment. */
async function readShortPage(
  engine: Engine,
  request: PageRequest,
  consistency: Consistency,
): Promise<Page | undefined> {
  const { table, reverse = false } = request;
  const page = new PageBuilder(request);
  const options = { reverse, ...page.chunkBounds(shortPageEntriesMax) };
  const keys = [stampKey(table.id)];
  const read = await engine.readChunk?.({ keys, range: rangeOf(request), options }, consistency);
  if (read === undefined) return undefined;
  checkStamp(table, read.values[0]);
  page.addEntries(read.chunk.entries);
  return page.full || read.chunk.exhausted ? page.finish() : undefined;
}

async function readFrom(view: ReadView, request: PageRequest): Promise<Page> {
  const { table, reverse = false, fetchesItems = false } = request;
  const page = new PageBuilder(request);
  let range = rangeOf(request);
  const scan = () =>
    view.scan(range, { reverse, ...page.chunkBounds(fetchesItems ? fetchedEntriesMax : chunkEntriesMax) });
  // Both at once: one round trip where the engine is far away.
  const [[stamp], first] = await Promise.all([view.getMany([stampKey(table.id)]), scan()]);
  checkStamp(table, stamp);
  for (let chunk = first; ; chunk = await scan()) {
    const { entries, exhausted } = chunk;
    if (fetchesItems) page.addFetched(await fetched(view, request, entries));
    else page.addEntries(entries);
    const last = entries.at(-1);
    if (page.full || exhausted || last === undefined) break;
    range = behind(range, last.key, reverse);
  }
  return page.finish();
}

/** What is left to read of the extent. */
function rangeOf(request: PageRequest): KeyRange {
  const { table, index, extent, after, reverse = false } = request;
  const start = after === undefined ? undefined : placeOf(request, after);
  return behind(extentRange(table, index, extent), start, reverse);
}

/** An entry of an index with the whole item. */
interface Fetched {
  readonly entry: StoredItem;
  readonly item: StoredItem;
}

async function fetched(
  view: ReadView,
  { table }: PageRequest,
  entries: readonly Entry[],
): Promise<readonly Fetched[]> {
  const stored = entries.map(({ value }) => decodeItem(value));
  const items = await view.getMany(stored.map(({ item }) => itemKey(table, item)));
  return stored.map((entry, at) => {
    const value = items[at];
    assert(value !== undefined, "an index entry has its item");
    return { entry, item: decodeItem(value) };
  });
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
  readonly #itemsMax: number;
  readonly #items: StoredItem[] = [];
  #picker: AttributePicker | undefined;
  #scannedCount = 0;
  #scannedBytes = 0;
  #fetchedBytes = 0;
  #fetchedUnits = 0;
  #last: StoredItem | undefined;
  #stop: Stop = "exhausted";

  constructor(request: PageRequest) {
    this.#request = request;
    this.#itemsMax = request.itemsMax ?? Infinity;
  }

  get full(): boolean {
    return this.#stop !== "exhausted";
  }

  /** Bounds what one chunk holds in memory; a page goes on with the next one until it is full itself. */
  chunkBounds(entriesMax: number): { entriesMax: number; bytesMax: number } {
    const itemsLeft = this.#itemsMax - this.#scannedCount;
    return { entriesMax: Math.min(itemsLeft, entriesMax), bytesMax: pageBytesMax };
  }

  addEntries(entries: readonly Entry[]): void {
    for (const { value } of entries) {
      const stored = decodeItem(value);
      if (!this.#fits(stored.sizeBytes)) return;
      this.#add(stored, stored);
      if (this.full) return;
    }
  }

  addFetched(chunk: readonly Fetched[]): void {
    for (const { entry, item } of chunk) {
      if (!this.#fits(entry.sizeBytes + item.sizeBytes)) return;
      this.#fetchedBytes += item.sizeBytes;
      this.#fetchedUnits += readUnits(item.sizeBytes, this.#request.consistency);
      this.#add(entry, item);
      if (this.full) return;
    }
  }

  /** Whether so much more may be read. The first always may: a page that read nothing would never get on. */
  #fits(bytes: number): boolean {
    if (this.#scannedBytes + this.#fetchedBytes + bytes <= pageBytesMax || this.#scannedCount === 0)
      return true;
    this.#stop = "byte-limit";
    return false;
  }

  #add(entry: StoredItem, item: StoredItem): void {
    this.#scannedCount += 1;
    this.#scannedBytes += entry.sizeBytes;
    this.#last = entry;
    if (this.#keeps(item)) this.#items.push(item);
    if (this.#scannedCount >= this.#itemsMax) this.#stop = "item-limit";
  }

  #keeps(stored: StoredItem): boolean {
    const { filter } = this.#request;
    if (filter === undefined) return true;
    this.#picker ??= new AttributePicker(filter.attributes);
    return filter.accepts(this.#picker.pick(stored));
  }

  finish(): Page {
    const { table, index } = this.#request;
    const last = this.#stop === "exhausted" ? undefined : this.#last;
    return {
      items: this.#items,
      scannedCount: this.#scannedCount,
      scannedBytes: this.#scannedBytes,
      fetchedUnits: this.#fetchedUnits,
      stop: this.#stop,
      lastKey: last && pickKey(entryKeyAttributes(table, index), last.item),
    };
  }
}
