import fc, { type Arbitrary } from "fast-check";

export interface KeyPart {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** An index as its creator describes it. */
export interface IndexShape {
  readonly name: string;
  readonly kind: "local" | "global";
  readonly partition: readonly KeyPart[];
  readonly sort: readonly KeyPart[];
  /** Names of what is included, or a projection type. */
  readonly projection: "ALL" | "KEYS_ONLY" | readonly string[];
}

export interface IndexedShape {
  readonly partition: KeyPart;
  readonly sort?: KeyPart | undefined;
  readonly indexes: readonly IndexShape[];
}

/** Attributes that may be keys of an index. Every item has some of them. */
export const keyAttributes: readonly KeyPart[] = [
  { name: "alpha1", type: "S" },
  { name: "beta2", type: "S" },
  { name: "gamma3", type: "N" },
  { name: "delta4", type: "N" },
  { name: "epsilon5", type: "B" },
  { name: "constructor", type: "S" },
  { name: "__proto__", type: "N" },
];

/** Attributes that are never keys. */
export const otherAttributes = ["extra1", "extra2", "toString"] as const;

const primaries: readonly Omit<IndexedShape, "indexes">[] = [
  { partition: { name: "pk1", type: "S" }, sort: { name: "sk1", type: "S" } },
  { partition: { name: "pk1", type: "N" }, sort: { name: "sk1", type: "N" } },
  { partition: { name: "pk1", type: "B" }, sort: { name: "sk1", type: "B" } },
  { partition: { name: "pk1", type: "S" } },
];

const projection: Arbitrary<IndexShape["projection"]> = fc.oneof(
  fc.constantFrom("ALL" as const, "KEYS_ONLY" as const),
  fc.uniqueArray(fc.constantFrom(...otherAttributes, "alpha1", "gamma3"), { minLength: 1, maxLength: 3 }),
);

/** A table with a few indexes of any kind. */
export const indexedShape: Arbitrary<IndexedShape> = fc.constantFrom(...primaries).chain((primary) =>
  fc
    .record({
      locals: primary.sort === undefined ? fc.constant([]) : fc.array(localIndex(primary), { maxLength: 2 }),
      globals: fc.array(globalIndex(primary), { minLength: 1, maxLength: 3 }),
    })
    .map(({ locals, globals }) => ({
      ...primary,
      indexes: [...locals, ...globals].map((index, number) => ({ ...index, name: `index-${number}` })),
    })),
);

function localIndex({ partition }: Omit<IndexedShape, "indexes">): Arbitrary<IndexShape> {
  return fc.record({
    name: fc.constant(""),
    kind: fc.constant("local"),
    partition: fc.constant([partition]),
    sort: fc.constantFrom(...keyAttributes).map((part) => [part]),
    projection: projectionBeside(["pk1", "sk1"]),
  });
}

/** An index whose partition and sort key are of up to three attributes each; the table's own keys are among them. */
export function globalIndex({ partition, sort }: Omit<IndexedShape, "indexes">): Arbitrary<IndexShape> {
  const candidates = [...keyAttributes, partition, ...(sort === undefined ? [] : [sort])];
  return fc
    .record({
      parts: fc.shuffledSubarray(candidates, { minLength: 1, maxLength: 5 }),
      hashes: fc.constantFrom(1, 1, 1, 2, 3),
      projection: projectionBeside(["pk1", "sk1"]),
    })
    .map(({ parts, hashes, projection: projected }) => ({
      name: "",
      kind: "global",
      partition: parts.slice(0, hashes),
      sort: parts.slice(hashes, hashes + 3),
      projection: projected,
    }));
}

function projectionBeside(names: readonly string[]): Arbitrary<IndexShape["projection"]> {
  return projection.filter(
    (drawn) => typeof drawn === "string" || !drawn.some((name) => names.includes(name)),
  );
}

/** The attributes that every entry of the index holds. */
export function entryKeysOf(shape: IndexedShape, index: IndexShape | undefined): readonly string[] {
  const parts = [
    ...(index === undefined ? [] : [...index.partition, ...index.sort]),
    shape.partition,
    ...(shape.sort === undefined ? [] : [shape.sort]),
  ];
  return [...new Set(parts.map(({ name }) => name))];
}

/** A key schema and a projection as requests spell them. */
export function indexMembers({ name, partition, sort, projection: projected }: IndexShape): object {
  return {
    IndexName: name,
    KeySchema: [
      ...partition.map((part) => ({ AttributeName: part.name, KeyType: "HASH" })),
      ...sort.map((part) => ({ AttributeName: part.name, KeyType: "RANGE" })),
    ],
    Projection:
      typeof projected === "string"
        ? { ProjectionType: projected }
        : { ProjectionType: "INCLUDE", NonKeyAttributes: projected },
  };
}

/** The types of all key attributes of table and indexes. */
export function attributeDefinitions(parts: readonly KeyPart[]): object[] {
  const types = new Map(parts.map(({ name, type }) => [name, type]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}
