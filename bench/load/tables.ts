/** The tables of the benchmark and their items. */

/** Items of one partition, and of the page that a Query reads. */
export const collectionItems = 20;

/** Partitions of an index: of ten thousand items, twenty are in each. */
const groups = 500;

/** One table and what it is filled with. */
export interface BenchTable {
  readonly name: string;
  /** CreateTable's request. */
  readonly definition: object;
  /** Item `index`; a new `version` changes every key of an index that it has. */
  readonly itemOf: (index: number, version: number) => object;
}

const keyAttributes = ["customer", "order"];
const growingText = "x".repeat(1600);
const itemNote = "Please ring twice and leave the parcel with the neighbours on the left hand side. ".repeat(
  2,
);

/** The table without indexes that most workloads use. */
export const plainTable: BenchTable = {
  name: "bench",
  definition: definitionOf("bench", keyAttributes, []),
  itemOf,
};

/**
 * A table with `count` global indexes and items whose index keys change with every version, so that a put moves every
 * entry. With no index at all it has the same items.
 */
export function indexedTable(count: number, projection: "ALL" | "KEYS_ONLY" = "ALL"): BenchTable {
  const name = `bench-${String(count)}-${projection.toLowerCase().replace("_", "-")}`;
  const indexes = Array.from({ length: count }, (_, number) => ({
    IndexName: indexNameOf(number),
    KeySchema: [
      { AttributeName: `group${padded(number, 2)}`, KeyType: "HASH" },
      { AttributeName: "rank", KeyType: "RANGE" },
    ],
    Projection: { ProjectionType: projection },
  }));
  const hashes = indexes.map((_, number) => `group${padded(number, 2)}`);
  const attributes = count === 0 ? keyAttributes : [...keyAttributes, "rank", ...hashes];
  return {
    name,
    definition: definitionOf(name, attributes, indexes),
    itemOf: (index, version) => ({
      ...itemOf(index),
      ...Object.fromEntries(groupsOf(index)),
      rank: { S: `rank#${padded(version, 8)}` },
    }),
  };
}

/** The table without index, whose changes stand in a stream with both images. */
export const streamedTable: BenchTable = {
  ...indexedTable(0),
  name: "bench-streamed",
  definition: {
    ...definitionOf("bench-streamed", keyAttributes, []),
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  },
};

/** A table of items of two kilobytes with an index of whole items and one of keys, for the growth of such tables. */
export const growingTable: BenchTable = {
  name: "bench-growing",
  definition: definitionOf(
    "bench-growing",
    [...keyAttributes, "team", "rank"],
    [
      {
        IndexName: "by-team",
        KeySchema: [
          { AttributeName: "team", KeyType: "HASH" },
          { AttributeName: "rank", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
      {
        IndexName: "by-rank",
        KeySchema: [{ AttributeName: "rank", KeyType: "HASH" }],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  ),
  itemOf: (index, version) => ({ ...itemOf(index), ...movedKeys(index, version), text: { S: growingText } }),
};

/** The second by which all items of the expiring table have expired: in May 2033, so that none does by itself. */
export const lastExpirySecond = 2_000_000_000;

/** The table without indexes, of items that expire within one minute. */
export const expiringTable: BenchTable = {
  name: "bench-expiring",
  definition: definitionOf("bench-expiring", keyAttributes, []),
  itemOf: (index) => ({ ...itemOf(index), ends: { N: String(lastExpirySecond - (index % 60)) } }),
};

/** Index keys of an item of the growing table: every version is in another place of both indexes. */
export function movedKeys(index: number, version: number): { team: object; rank: object } {
  return {
    team: { S: `team#${padded((index * 31 + version * 17) % 10_007, 6)}` },
    rank: { S: `rank#${padded((index * 7919 + version * 104_729) % 100_000_007, 9)}` },
  };
}

export function indexNameOf(number: number): string {
  return `by-group${padded(number, 2)}`;
}

/** The partition of an index that item `index` is in: neighbours in the table are strangers there. */
export function groupOf(index: number, number = 0): string {
  return `group#${padded(index % groups, 6)}-${padded(number, 2)}`;
}

/** An item of about 400 bytes with ten attributes. */
function itemOf(index: number): object {
  return {
    ...keyOf(index),
    status: { S: index % 2 === 0 ? "shipped" : "packed" },
    amount: { N: String((index * 37) % 10_000) },
    count: { N: "1" },
    express: { BOOL: index % 3 === 0 },
    tags: { SS: ["gift", "fragile"] },
    lines: { L: [{ S: `product-${String(index % 997)}` }, { N: String(index % 9) }] },
    address: { M: { city: { S: "Rotterdam" }, street: { S: "Coolsingel 40" }, zip: { S: "3011 AD" } } },
    note: { S: itemNote },
  };
}

export function keyOf(index: number): object {
  return { customer: { S: customerOf(index) }, order: { S: orderOf(index) } };
}

export function customerOf(index: number): string {
  return `customer#${padded(Math.floor(index / collectionItems), 8)}`;
}

export function orderOf(index: number): string {
  return `order#${padded(index % collectionItems, 4)}`;
}

export function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** The keys of up to twenty indexes: every item has them all, whatever the table is indexed by. */
function groupsOf(index: number): [string, object][] {
  return Array.from({ length: 20 }, (_, number) => [
    `group${padded(number, 2)}`,
    { S: groupOf(index, number) },
  ]);
}

function definitionOf(name: string, attributes: readonly string[], indexes: readonly object[]): object {
  return {
    TableName: name,
    KeySchema: keyAttributes.map((attribute, place) => ({
      AttributeName: attribute,
      KeyType: place === 0 ? "HASH" : "RANGE",
    })),
    AttributeDefinitions: attributes.map((attribute) => ({ AttributeName: attribute, AttributeType: "S" })),
    BillingMode: "PAY_PER_REQUEST",
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
}
