import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { song, tableDefinition } from "../../../test/fixtures/tables.ts";
import { readExpressions } from "../../expressions/request.ts";
import { attributeOf, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import { ServiceError } from "../../model/errors.ts";
import { entryKey } from "../../store/indexes/index-entries.ts";
import { encodeItem } from "../../store/item-codec.ts";
import { indexKeyAttributes } from "../../store/key-attributes.ts";
import { itemKey } from "../../store/keyspace.ts";
import { itemSize } from "../../values/size.ts";
import { putWrite, updateWrite } from "./item-writes.ts";

/** What is refused here and what the store finds unfit for an index are two pieces of code that must agree. */
const indexes = [
  globalIndex(),
  localIndex(),
  globalIndex({
    id: 3,
    name: "Several",
    keySchema: {
      partitionKeys: [
        { name: "genre", type: "S" },
        { name: "cover", type: "B" },
      ],
      sortKeys: [
        { name: "label", type: "S" },
        { name: "year", type: "N" },
      ],
    },
  }),
];
const table = { id: 1, version: 1, definition: tableDefinition({ indexes, nextIndexId: 4 }) };

const lengths = fc.constantFrom(0, 1, 1, 1000, 1021, 1022, 1023, 1024, 1025, 1048, 2048, 2049);
const text = lengths.map((length): AttributeValue => ({ S: "x".repeat(length) }));
const bytes = lengths.map((length): AttributeValue => ({ B: Buffer.alloc(length).toString("base64") }));
const number = fc.constantFrom<AttributeValue>({ N: "7" }, { N: "-123" });
const value = fc.oneof(text, bytes, number, fc.constantFrom<AttributeValue>({ NULL: true }, { L: [] }));

function mostly(arbitrary: fc.Arbitrary<AttributeValue>) {
  return fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: value });
}

const attributes = fc.record(
  { genre: mostly(text), cover: mostly(bytes), label: mostly(text), year: mostly(number) },
  { requiredKeys: [] },
);

/** Every index either lacks an attribute or has an entry. */
function assertIndexable(item: Item): void {
  const stored = encodeItem(item, itemSize(item), 0);
  const key = itemKey(table, song("Nina", 1));
  for (const index of indexes) {
    const hasAll = indexKeyAttributes(index).every(({ name }) => attributeOf(item, name) !== undefined);
    assert.equal(entryKey(table, index, { key, stored }) !== undefined, hasAll, index.name);
  }
}

/** What `body` answers; undefined where it refuses. */
function unlessRefused<Result>(body: () => Result): Result | undefined {
  try {
    return body();
  } catch (error) {
    assert(error instanceof ServiceError, String(error));
    return undefined;
  }
}

function put(given: Item): Item | undefined {
  const item = song("Nina", 1, given);
  const write = unlessRefused(() => putWrite(table, { item, sizeBytes: itemSize(item) }));
  return write && item;
}

test("an item that may be put is in every index of which it has the key attributes", () => {
  let passed = 0;
  fc.assert(
    fc.property(attributes, (given) => {
      const item = put(given);
      if (item === undefined) return;
      passed += 1;
      assertIndexable(item);
    }),
    { numRuns: 1000 },
  );
  assert.ok(passed > 50, `${passed} items were put`);
});

test("so is one that may be updated, whether the update states the values or copies them", () => {
  let passed = 0;
  const target = fc.constantFrom("genre", "cover", "label", "year");
  fc.assert(
    fc.property(attributes, target, value, fc.boolean(), (given, name, changed, copies) => {
      const before = put(given);
      if (before === undefined) return;
      const { update } = readExpressions(
        copies
          ? { update: "SET #n = copied", names: { "#n": name } }
          : { update: "SET #n = :v", names: { "#n": name }, values: { ":v": changed } },
        "older",
      );
      const item = unlessRefused(() => {
        const { change } = updateWrite(table, { key: song("Nina", 1), update });
        assert(change.kind === "update");
        return change.apply({ ...before, copied: changed })?.item;
      });
      if (item === undefined) return;
      passed += 1;
      assertIndexable(item);
    }),
    { numRuns: 2000 },
  );
  assert.ok(passed > 50, `${passed} items were updated`);
});
