import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { song, tableDefinition } from "../../../test/fixtures/tables.ts";
import { readExpressions } from "../../expressions/request.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import type { IndexDefinition, Table } from "../../store/table.ts";
import type { Write } from "../../store/write.ts";
import { itemSize } from "../../values/size.ts";
import { checkPutKeyValues, checkUpdateKeyValues, putWrite, updateWrite } from "./item-writes.ts";

function tableWith(...indexes: readonly IndexDefinition[]): Table {
  return { id: 1, version: 1, definition: tableDefinition({ indexes, nextIndexId: indexes.length + 1 }) };
}

function messageOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    assert(error instanceof ServiceError);
    return error.message;
  }
}

function put(table: Table, attributes: Item): Write {
  const item = song("Nina", 1, attributes);
  return putWrite(table, { item, sizeBytes: itemSize(item) });
}

function update(table: Table, text: string, values?: Record<string, AttributeValue>): Write {
  const { update: read } = readExpressions({ update: text, values }, "enveloped");
  return updateWrite(table, { key: song("Nina", 1), update: read });
}

/** What an update makes of an item that is there. */
function updated(write: Write, before: Item): Item | undefined {
  assert(write.change.kind === "update");
  return write.change.apply(before)?.item;
}

/** Two attributes in either part of the key. */
const pairs = globalIndex({
  name: "Pairs",
  keySchema: {
    partitionKeys: [
      { name: "p1", type: "S" },
      { name: "p2", type: "B" },
    ],
    sortKeys: [
      { name: "s1", type: "S" },
      { name: "s2", type: "N" },
    ],
  },
});

const text = (length: number): AttributeValue => ({ S: "x".repeat(length) });
const bytes = (length: number): AttributeValue => ({ B: Buffer.alloc(length).toString("base64") });

describe("An index key of several attributes", () => {
  test("is bound as a whole: the attribute that takes it past the bound is named", () => {
    const table = tableWith(pairs);
    assert.equal(
      messageOf(() => put(table, { p1: text(1000), p2: bytes(1048) })),
      undefined,
    );
    assert.equal(
      messageOf(() => put(table, { p1: text(1000), p2: bytes(1049) })),
      "One or more parameter values were invalid: Size limit exceeded for Index Key p2 Actual Size: 2049 bytes Max Size: 2048 bytes IndexName: Pairs",
    );
    assert.equal(
      messageOf(() => put(table, { s1: text(1022), s2: { N: "1" } })),
      undefined,
    );
    assert.equal(
      messageOf(() => put(table, { s1: text(1023), s2: { N: "1" } })),
      "One or more parameter values were invalid: Size limit exceeded for Index Key s2 Actual Size: 1025 bytes Max Size: 1024 bytes IndexName: Pairs",
    );
  });

  test("may be taken past the bound by an update of one of them", () => {
    const write = update(tableWith(pairs), "SET p1 = :v", { ":v": text(1000) });
    assert.deepEqual(updated(write, song("Nina", 1, { p2: bytes(1048) }))?.["p1"], text(1000));
    assert.equal(
      messageOf(() => updated(write, song("Nina", 1, { p2: bytes(1049) }))),
      "The update expression attempted to update the secondary index key beyond allowed size limits",
    );
  });
});

describe("Of several indexes with a fault", () => {
  const genre = { keySchema: { partitionKeys: [{ name: "genre", type: "S" as const }], sortKeys: [] } };
  const wrong = { genre: { N: "1" }, year: { S: "1980" } };

  test("the one whose name comes first is reported, whatever its kind or place", () => {
    const table = tableWith(
      localIndex({ name: "m" }),
      globalIndex({ name: "z", ...genre }),
      globalIndex({ name: "B", ...genre }),
    );
    assert.equal(
      messageOf(() => put(table, wrong)),
      "One or more parameter values were invalid: Type mismatch for Index Key genre Expected: S Actual: N IndexName: B",
    );
    assert.equal(
      messageOf(() => put(tableWith(globalIndex({ name: "z", ...genre }), localIndex({ name: "m" })), wrong)),
      "One or more parameter values were invalid: Type mismatch for Index Key year Expected: N Actual: S IndexName: m",
    );
  });

  test("one that is being built counts, and one that is going does not", () => {
    const building = globalIndex({ state: "building", ...genre });
    const deleting = globalIndex({ name: "Aaa", state: "deleting", ...genre });
    assert.match(messageOf(() => put(tableWith(deleting, building), wrong)) ?? "", /IndexName: ByGenre$/);
    assert.equal(
      messageOf(() => put(tableWith(deleting), wrong)),
      undefined,
    );
    assert.equal(
      messageOf(() => update(tableWith(deleting), "SET genre = :v", { ":v": { N: "1" } })),
      undefined,
    );
  });
});

describe("Attributes called like members of every object", () => {
  const odd = globalIndex({
    keySchema: {
      partitionKeys: [{ name: "__proto__", type: "S" }],
      sortKeys: [{ name: "constructor", type: "S" }],
    },
  });
  const item = (json: string) => JSON.parse(json) as Item;

  test("are index keys like others", () => {
    const table = tableWith(odd);
    assert.equal(
      messageOf(() => put(table, {})),
      undefined,
    );
    assert.equal(
      messageOf(() =>
        putWrite(table, {
          item: item(`{"artist":{"S":"a"},"track":{"N":"1"},"__proto__":{"N":"1"}}`),
          sizeBytes: 9,
        }),
      ),
      "One or more parameter values were invalid: Type mismatch for Index Key __proto__ Expected: S Actual: N IndexName: ByGenre",
    );
    const { update: read } = readExpressions(
      { update: "SET #p = :v", names: { "#p": "__proto__" }, values: { ":v": { S: "" } } },
      "enveloped",
    );
    assert.equal(
      messageOf(() => updateWrite(table, { key: song("Nina", 1), update: read })),
      "One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.",
    );
  });
});

describe("What transactions refuse as a whole", () => {
  const { definition } = tableWith(globalIndex());

  test("are empty and too long key values, of the table and of its indexes", () => {
    assert.match(
      messageOf(() => {
        checkPutKeyValues(definition, song("", 1));
      }) ?? "",
      /Key: artist$/,
    );
    assert.match(
      messageOf(() => {
        checkPutKeyValues(definition, song("Nina", 1, { genre: text(0) }));
      }) ?? "",
      /IndexName: ByGenre, IndexKey: genre$/,
    );
    const { update: read } = readExpressions(
      { update: "SET genre = :v", values: { ":v": text(0) } },
      "older",
    );
    assert.match(
      messageOf(() => {
        checkUpdateKeyValues(definition, { key: song("Nina", 1), update: read });
      }) ?? "",
      /^One or more parameter values are not valid. The update expression attempted/,
    );
  });

  test("are not keys of another shape or type", () => {
    checkPutKeyValues(definition, { artist: { N: "1" }, track: { L: [] }, genre: { M: {} } });
    checkPutKeyValues(definition, {});
    const { update: read } = readExpressions(
      { update: "SET genre = :v", values: { ":v": { N: "1" } } },
      "older",
    );
    checkUpdateKeyValues(definition, { key: { artist: { S: "a" } }, update: read });
  });
});

test("an update of what is not an index key leaves alone what is bad in one", () => {
  const table = tableWith(globalIndex(), pairs);
  const bad = song("Nina", 1, { genre: { L: [] }, year: text(0), p1: text(3000), s1: text(0) });
  assert.deepEqual(updated(update(table, "SET title = :v", { ":v": text(1) }), bad)?.["title"], text(1));
  assert.deepEqual(
    updated(update(table, "REMOVE genre, p1 SET p2 = :v", { ":v": bytes(1) }), bad)?.["p2"],
    bytes(1),
  );
});
