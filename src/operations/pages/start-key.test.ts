import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { song, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Item } from "../../model/attribute-value.ts";
import type { Table } from "../../store/table.ts";
import { checkQueryRestart, checkScanRestart, checkStartKey } from "./start-key.ts";

const table: Table = { id: 1, version: 1, definition: tableDefinition() };
const genre = { S: "soul" };
const year = { N: "1965" };
const ofGlobal = { table, index: globalIndex() };
const ofLocal = { table, index: localIndex() };
const atSong = (attributes: Item = {}) => song("Nina", 1, { genre, year, ...attributes });

describe("checkStartKey", () => {
  test("takes the key of an index and its table, each attribute once", () => {
    checkStartKey(ofGlobal, atSong(), "current");
    checkStartKey(ofGlobal, atSong(), "older");
    checkStartKey(ofLocal, song("Nina", 1, { year }), "current");
    const byTrack = globalIndex({
      keySchema: { partitionKeys: [{ name: "track", type: "N" }], sortKeys: [{ name: "artist", type: "S" }] },
    });
    checkStartKey({ table, index: byTrack }, song("Nina", 1), "current");
  });

  const shape = "The provided starting key is invalid";
  const mismatch = "The provided key element does not match the schema";
  const refusals: readonly [title: string, key: Item, older: string][] = [
    ["the table's key alone", song("Nina", 1), shape],
    ["the index's key alone", { genre, year }, shape],
    ["more than the keys", atSong({ label: { S: "x" } }), shape],
    ["another attribute in place of an index's", song("Nina", 1, { genre, label: year }), shape],
    ["an index key of another type", atSong({ year: { S: "1965" } }), mismatch],
    ["a table key of another type", atSong({ track: { S: "1" } }), `${shape}: ${mismatch}`],
    [
      "another attribute in place of a table's",
      { artist: { S: "Nina" }, genre, year, x: { N: "1" } },
      `${shape}: ${mismatch}`,
    ],
  ];
  for (const [title, key, older] of refusals) {
    test(`refuses ${title}`, () => {
      const check = (wording: "current" | "older") => () => {
        checkStartKey(ofGlobal, key, wording);
      };
      assert.throws(check("current"), { name: "ValidationException", message: shape });
      assert.throws(check("older"), { name: "ValidationException", message: older });
    });
  }

  test("refuses values that no key holds", () => {
    const check = (key: Item) => () => {
      checkStartKey(ofGlobal, key, "current");
    };
    assert.throws(check(atSong({ genre: { S: "" } })), {
      message: `${shape}: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: genre`,
    });
    assert.throws(check(atSong({ genre: { S: "x".repeat(2049) } })), {
      message: `${shape}: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    });
    assert.throws(check(atSong({ artist: { S: "" } })), {
      message: `${shape}: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: artist`,
    });
  });
});

describe("checkQueryRestart", () => {
  const soul = { kind: "collection", partitionKey: [genre] } as const;
  const since = (N: string) => ({ ...soul, sortKey: { operator: ">=", value: { N } } as const });

  test("takes a key in what the query reads, there or not", () => {
    checkQueryRestart(ofGlobal, soul, atSong());
    checkQueryRestart(ofGlobal, since("1965"), atSong());
    const byGenre = globalIndex({
      keySchema: { partitionKeys: [{ name: "genre", type: "S" }], sortKeys: [] },
    });
    checkQueryRestart({ table, index: byGenre }, soul, song("Nina", 1, { genre }));
  });

  const outside = "The provided starting key is outside query boundaries based on provided conditions";
  const unmet = "The provided starting key does not match the range key predicate";
  const refusals: readonly [title: string, extent: typeof soul, key: Item, message: string][] = [
    ["another collection", soul, atSong({ genre: { S: "folk" } }), outside],
    ["another sort key", since("1966"), atSong(), unmet],
    [
      "another collection where the sort key is right",
      since("1965"),
      atSong({ genre: { S: "folk" } }),
      outside,
    ],
    [
      "another collection where the sort key is wrong",
      since("1966"),
      atSong({ genre: { S: "folk" } }),
      unmet,
    ],
  ];
  for (const [title, extent, key, message] of refusals) {
    test(`refuses a key of ${title}`, () => {
      assert.throws(
        () => {
          checkQueryRestart(ofGlobal, extent, key);
        },
        { name: "ValidationException", message },
      );
    });
  }

  test("holds the given start of a sort key of several attributes against the key", () => {
    const attribute = (name: string, type: "S" | "N") => ({ name, type });
    const index = globalIndex({
      keySchema: {
        partitionKeys: [attribute("genre", "S"), attribute("label", "S")],
        sortKeys: [attribute("year", "N"), attribute("title", "S")],
      },
    });
    const key = atSong({ label: { S: "Philips" }, title: { S: "Feeling Good" } });
    const restart = (given: Item) => () => {
      const extent = {
        kind: "collection",
        partitionKey: [genre, { S: "Philips" }],
        sortKeyPrefix: [year],
        sortKey: { operator: "begins_with", prefix: { S: "Feel" } },
      } as const;
      checkQueryRestart({ table, index }, extent, { ...key, ...given });
    };
    restart({})();
    assert.throws(restart({ year: { N: "1966" } }), { message: unmet });
    assert.throws(restart({ title: { S: "Sinnerman" } }), { message: unmet });
    assert.throws(restart({ label: { S: "RCA" } }), { message: outside });
  });
});

test("a scan goes on in exactly one of the segments of an index", () => {
  const segments = [0, 1, 2, 3].map((segment) => ({ kind: "segment", segment, segments: 4 }) as const);
  for (const name of ["soul", "folk", "jazz", "blues", "rock"]) {
    const refusals = segments.flatMap((extent) => {
      try {
        checkScanRestart(ofGlobal, extent, atSong({ genre: { S: name } }));
        return [];
      } catch (error) {
        return error instanceof Error ? [error.message] : [];
      }
    });
    assert.equal(refusals.length, 3);
    assert.match(
      refusals[0] ?? "",
      /^The provided starting key is invalid: Invalid ExclusiveStartKey\. Please use ExclusiveStartKey with correct Segment\. TotalSegments: 4 Segment: [01]$/,
    );
  }
});
