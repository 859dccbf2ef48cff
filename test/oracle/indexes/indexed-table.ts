import { memberOf, canonicalItem, order, storedItem, type Item, type Value } from "../values.ts";
import type { ItemWrite } from "./commands.ts";
import { entryKeysOf, type IndexedShape, type IndexShape, type KeyPart } from "./shapes.ts";

/** A table whose indexes are worked out anew whenever somebody asks: right because it keeps nothing. */
export class IndexedTable {
  shape: IndexedShape;
  readonly #items = new Map<string, Item>();

  constructor(shape: IndexedShape) {
    this.shape = shape;
  }

  apply(write: ItemWrite): void {
    if (write.kind === "delete") {
      this.#items.delete(this.#textOf(write.key));
      return;
    }
    const target = write.kind === "put" ? write.item : write.key;
    const before = write.kind === "put" ? undefined : this.#items.get(this.#textOf(target));
    const members = new Map<string, Value>(Object.entries(before ?? target));
    if (write.kind === "update") {
      for (const [name, value] of Object.entries(write.set)) members.set(name, value);
      for (const name of write.remove) members.delete(name);
    }
    this.#items.set(this.#textOf(target), storedItem(Object.fromEntries(members)));
  }

  get items(): readonly Item[] {
    return [...this.#items.values()];
  }

  /** The items that are in the index, or all of them, as wholes. */
  itemsOf(index: IndexShape | undefined): readonly Item[] {
    const parts = index === undefined ? [] : [...index.partition, ...index.sort];
    return this.items.filter((item) => parts.every(({ name, type }) => type in (memberOf(item, name) ?? {})));
  }

  /** What the index holds of an item. */
  projected(item: Item, index: IndexShape | undefined): Item {
    if (index === undefined || index.projection === "ALL") return item;
    const included = index.projection === "KEYS_ONLY" ? [] : index.projection;
    return this.#only(item, [...entryKeysOf(this.shape, index), ...included]);
  }

  /** What LastEvaluatedKey says of an item. */
  keyOf(item: Item, index?: IndexShape): Item {
    return this.#only(item, entryKeysOf(this.shape, index));
  }

  #only(item: Item, names: readonly string[]): Item {
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
  }

  #textOf(item: Item): string {
    return canonicalItem(storedItem(this.keyOf(item)));
  }
}

/** Compares two items by the attributes of a sort key, one after another. */
export function orderBy(parts: readonly KeyPart[], left: Item, right: Item): number {
  for (const { name } of parts) {
    const [one, other] = [memberOf(left, name), memberOf(right, name)];
    const sign = one === undefined || other === undefined ? 0 : (order(one, other) ?? 0);
    if (sign !== 0) return sign;
  }
  return 0;
}

/** The size of an item by the service's rules, in bytes. */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value),
    0,
  );
}

function sizeOfValue(value: Value): number {
  if ("S" in value) return Buffer.byteLength(value.S);
  if ("N" in value) return sizeOfNumber(value.N);
  if ("B" in value) return Buffer.from(value.B, "base64").length;
  if ("SS" in value) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if ("NS" in value) return value.NS.reduce((sum, number) => sum + sizeOfNumber(number), 0);
  if ("BS" in value) return value.BS.reduce((sum, bytes) => sum + Buffer.from(bytes, "base64").length, 0);
  if ("L" in value) return value.L.reduce((sum, element) => sum + 1 + sizeOfValue(element), 3);
  if ("M" in value) return 3 + Object.keys(value.M).length + sizeOf(value.M);
  return 1;
}

/** A byte for every pair of digits from the decimal point, without zero pairs at the ends; one more, and the sign. */
function sizeOfNumber(text: string): number {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d*)\.?(\d*)(?:e(.*))?$/.exec(text) ?? [];
  // Enough of them that the point is among the digits.
  const zeros = 40;
  const digits = `${"0".repeat(zeros)}${whole}${fraction}`;
  const point = zeros + whole.length + Number(exponent);
  const aligned = point % 2 === 0 ? digits : `0${digits}`;
  const pairs = aligned.padEnd(aligned.length + (aligned.length % 2), "0").match(/\d\d/g) ?? [];
  const first = pairs.findIndex((pair) => pair !== "00");
  if (first < 0) return 1;
  return pairs.findLastIndex((pair) => pair !== "00") - first + 2 + sign.length;
}
