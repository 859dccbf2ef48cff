import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { globalIndex, localIndex } from "../../../test/fixtures/indexes.ts";
import { tableDefinition } from "../../../test/fixtures/tables.ts";
import type { IndexDefinition, IndexProjection } from "../../store/table.ts";
import { checkFilterProjected, mustFetchItems, type Wanted } from "./index-projection.ts";

const table = { id: 1, version: 1, definition: tableDefinition() };
const all: IndexProjection = { type: "ALL" };
const keys: IndexProjection = { type: "KEYS_ONLY" };
const include: IndexProjection = { type: "INCLUDE", nonKeyAttributes: ["label", "__proto__"] };

describe("mustFetchItems", () => {
  const cases: readonly [IndexDefinition | undefined, Wanted, boolean][] = [
    [undefined, "whole items", false],
    [undefined, ["anything"], false],
    [globalIndex({ projection: keys }), "what is there", false],
    [globalIndex({ projection: keys }), ["genre", "year", "artist", "track"], false],
    [globalIndex({ projection: include }), ["__proto__", "label"], false],
    [globalIndex({ projection: all }), "whole items", false],
    [globalIndex({ projection: all }), ["anything"], false],
    [localIndex({ projection: keys }), "what is there", false],
    [localIndex({ projection: keys }), ["year", "track"], false],
    [localIndex({ projection: keys }), ["year", "label"], true],
    [localIndex({ projection: keys }), "whole items", true],
    [localIndex({ projection: include }), ["year", "label"], false],
    [localIndex({ projection: include }), ["constructor"], true],
    [localIndex({ projection: all }), "whole items", false],
  ];
  for (const [index, wanted, fetches] of cases) {
    const source = index === undefined ? "a table" : `a ${index.kind} index of ${index.projection.type}`;
    test(`${fetches ? "is" : "is not"} true of ${JSON.stringify(wanted)} from ${source}`, () => {
      assert.equal(mustFetchItems({ table, index }, wanted), fetches);
    });
  }

  const prefix = "One or more parameter values were invalid: ";
  const refusals: readonly [IndexProjection, Wanted, string][] = [
    [
      keys,
      "whole items",
      `${prefix}Select type ALL_ATTRIBUTES is not supported for global secondary index ByGenre because its projection type is not ALL`,
    ],
    [keys, ["label", "genre"], `${prefix}Global secondary index ByGenre does not project [label]`],
    [include, ["a", "label", "b"], `${prefix}Global secondary index ByGenre does not project [a, b]`],
  ];
  for (const [projection, wanted, message] of refusals) {
    test(`refuses ${JSON.stringify(wanted)} from a global index of ${projection.type}`, () => {
      assert.throws(() => mustFetchItems({ table, index: globalIndex({ projection }) }, wanted), {
        name: "ValidationException",
        message,
      });
    });
  }
});

describe("checkFilterProjected", () => {
  test("passes what tables and indexes hold", () => {
    checkFilterProjected({ table, index: undefined }, ["anything"]);
    checkFilterProjected({ table, index: globalIndex({ projection: all }) }, ["anything"]);
    checkFilterProjected({ table, index: globalIndex({ projection: keys }) }, ["artist", "track"]);
    checkFilterProjected({ table, index: localIndex({ projection: include }) }, ["label", "year"]);
  });

  for (const index of [globalIndex({ projection: include }), localIndex({ projection: include })]) {
    test(`refuses what a ${index.kind} index does not hold`, () => {
      assert.throws(
        () => {
          checkFilterProjected({ table, index }, ["label", "c", "a"]);
        },
        {
          name: "ValidationException",
          message: `One or more parameter values were invalid: Secondary index ${index.name} does not project one or more filter attributes: [a, c]`,
        },
      );
    });
  }
});
