import fc, { type Arbitrary } from "fast-check";
import { canonicalItem, type Item, type Value } from "../values.ts";
import {
  globalIndex,
  indexedShape,
  keyAttributes,
  otherAttributes,
  type IndexedShape,
  type IndexShape,
  type KeyPart,
} from "./shapes.ts";

/** A write of one item. */
export type ItemWrite =
  | { readonly kind: "put"; readonly item: Item }
  | { readonly kind: "delete"; readonly key: Item }
  | { readonly kind: "update"; readonly key: Item; readonly set: Item; readonly remove: readonly string[] };

/** What a read asks for. Numbers stand for choices among what is there when the command runs. */
export interface Read {
  /** Which index, or the table. */
  readonly source: number;
  readonly limit: number | undefined;
  /** Only items with this attribute. */
  readonly filter: string | undefined;
  readonly everything: boolean;
  /** Deletes the item that the first page ended with, before the next page is asked for. */
  readonly disturbed: boolean;
}

export interface IndexQuery extends Read {
  readonly kind: "query";
  /** The item whose key values it asks for. */
  readonly like: number;
  /** Values instead of the item's, where the item has none. */
  readonly choices: readonly number[];
  /** How many sort attributes must be equal, and what the one behind them must meet. */
  readonly equals: number;
  readonly condition: "none" | "=" | "<" | "<=" | ">" | ">=" | "between" | "begins";
  readonly reverse: boolean;
}

export interface IndexScan extends Read {
  readonly kind: "scan";
  readonly segments: number;
}

export type IndexCommand =
  | { readonly kind: "write"; readonly write: ItemWrite }
  | { readonly kind: "batch"; readonly writes: readonly ItemWrite[] }
  | { readonly kind: "transaction"; readonly writes: readonly ItemWrite[]; readonly fails: boolean }
  | { readonly kind: "add-index"; readonly index: IndexShape }
  | { readonly kind: "drop-index"; readonly choice: number }
  | IndexQuery
  | IndexScan;

/** A table with indexes and commands for it. */
export interface IndexSession {
  readonly shape: IndexedShape;
  readonly commands: readonly IndexCommand[];
}

const domains: Readonly<Record<KeyPart["type"], readonly Value[]>> = {
  S: ["a", "b", "ab", "a\u0000", "é", "\u{1f600}", "\ufffd", "aa", "B", "zz", "~", "a\u0000\u0000"].map(
    (S) => ({ S }),
  ),
  N: ["0", "1", "-1", "10", "1.5", "-3e5", "1e-7", "2", "-10", "100", "0.15", "-1.5"].map((N) => ({ N })),
  B: ["AA==", "AAE=", "AQ==", "/w==", "/wA=", "AAA=", "AQE=", "fw==", "gA==", "AAAB"].map((B) => ({ B })),
};

export const indexSession: Arbitrary<IndexSession> = indexedShape.chain((shape) =>
  fc
    .record({
      first: fc.uniqueArray(itemPut(shape), {
        minLength: 0,
        maxLength: 40,
        selector: keyTextOf(shape),
        size: "max",
      }),
      isLarge: fc.nat(7).map((drawn) => drawn === 7),
      commands: fc.array(command(shape), { minLength: 10, maxLength: 40 }),
    })
    .map(({ first, isLarge, commands }) => ({
      shape,
      commands: [{ kind: "batch", writes: isLarge ? first.map(enlarged) : first }, ...commands],
    })),
);

/** Every second item large, so that pages end at 1 MB before their limit; not too large for two local indexes. */
function enlarged(write: ItemWrite, place: number): ItemWrite {
  if (write.kind !== "put" || place % 2 === 1) return write;
  return { kind: "put", item: { ...write.item, extra2: { S: "y".repeat(120_000 + place) } } };
}

/** A value of the part's type, by a number. */
export function valueOf({ type }: KeyPart, choice: number): Value {
  const domain = domains[type];
  return domain[choice % domain.length] ?? { NULL: true };
}

function command(shape: IndexedShape): Arbitrary<IndexCommand> {
  const write = itemWrite(shape);
  const writes = fc.uniqueArray(write, { minLength: 1, maxLength: 6, selector: keyTextOf(shape) });
  const kind = <Kind extends IndexCommand["kind"]>(name: Kind): Arbitrary<Kind> => fc.constant(name);
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: kind("write"), write }) },
    { weight: 2, arbitrary: fc.record({ kind: kind("batch"), writes }) },
    { weight: 3, arbitrary: fc.record({ kind: kind("transaction"), writes, fails: fc.boolean() }) },
    { weight: 12, arbitrary: query },
    { weight: 4, arbitrary: scan },
    { weight: 1, arbitrary: fc.record({ kind: kind("add-index"), index: globalIndex(shape) }) },
    { weight: 1, arbitrary: fc.record({ kind: kind("drop-index"), choice: fc.nat(20) }) },
  );
}

function itemWrite(shape: IndexedShape): Arbitrary<ItemWrite> {
  const key = keyOf(shape);
  const names = fc.constantFrom(...keyAttributes.map(({ name }) => name), ...otherAttributes);
  const update = fc
    .record({ key, set: attributes, remove: fc.uniqueArray(names, { maxLength: 3 }) })
    .map(({ key: primary, set, remove }): ItemWrite => ({
      kind: "update",
      key: primary,
      set,
      remove: remove.filter((name) => !Object.hasOwn(set, name)),
    }));
  return fc.oneof(
    { weight: 4, arbitrary: itemPut(shape) },
    { weight: 4, arbitrary: update },
    { weight: 1, arbitrary: key.map((primary): ItemWrite => ({ kind: "delete", key: primary })) },
  );
}

function itemPut(shape: IndexedShape): Arbitrary<ItemWrite> {
  return fc
    .tuple(keyOf(shape), attributes)
    .map(([key, rest]) => ({ kind: "put", item: { ...rest, ...key } }));
}

const other: Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>({ BOOL: true }, { NULL: true }, { N: "12.50" }, { S: "" }, { SS: ["x", "yy"] }),
  fc.constantFrom<Value>(
    { L: [{ S: "z" }, { M: { k: { B: "AQ==" } } }] },
    { NS: ["1", "-2.5"] },
    { B: "AQID" },
  ),
  fc.nat(1500).map((length) => ({ S: "x".repeat(length) })),
);

/** Attributes that most indexes are keyed by, with values that many items share, and a few others. */
const attributes: Arbitrary<Item> = fc
  .record({
    indexed: fc.array(
      fc.tuple(fc.constantFrom(...keyAttributes), fc.oneof({ weight: 4, arbitrary: fc.nat(1) }, fc.nat(11))),
      { minLength: 6, maxLength: 14, size: "max" },
    ),
    others: fc.array(fc.tuple(fc.constantFrom(...otherAttributes), other), { maxLength: 3 }),
  })
  .map(({ indexed, others }): Item =>
    Object.fromEntries([
      ...indexed.map(([part, choice]): [string, Value] => [part.name, valueOf(part, choice)]),
      ...others,
    ]),
  );

const reading = {
  source: fc.nat(20),
  limit: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined, freq: 3 }),
  filter: fc.option(fc.constantFrom(...otherAttributes), { nil: undefined, freq: 1 }),
  everything: fc.boolean(),
  disturbed: fc.boolean(),
};

const query: Arbitrary<IndexQuery> = fc.record({
  kind: fc.constant("query"),
  ...reading,
  like: fc.nat(30),
  choices: fc.array(fc.nat(20), { minLength: 8, maxLength: 8 }),
  equals: fc.nat(2),
  condition: fc.constantFrom("none", "none", "=", "<", "<=", ">", ">=", "between", "begins"),
  reverse: fc.boolean(),
});

const scan: Arbitrary<IndexScan> = fc.record({
  kind: fc.constant("scan"),
  ...reading,
  segments: fc.constantFrom(1, 1, 2, 5),
});

function keyOf({ partition, sort }: IndexedShape): Arbitrary<Item> {
  return fc.tuple(fc.nat(sort === undefined ? 11 : 2), fc.nat(11)).map(([first, second]) => ({
    [partition.name]: valueOf(partition, first),
    ...(sort === undefined ? {} : { [sort.name]: valueOf(sort, second) }),
  }));
}

/** Two writes of one request may not name one item. */
function keyTextOf({ partition, sort }: IndexedShape): (write: ItemWrite) => string {
  const names = [partition.name, sort?.name];
  return (write) => {
    const item = write.kind === "put" ? write.item : write.key;
    return canonicalItem(Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))));
  };
}
