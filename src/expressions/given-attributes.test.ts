import assert from "node:assert/strict";
import { test } from "node:test";
import { givenAttributes, type GivenAttribute } from "./given-attributes.ts";
import { attributeUpdatesUpdate } from "./legacy-update.ts";
import { readExpressions } from "./request.ts";

const values = { ":s": { S: "x" }, ":n": { N: "1" }, ":l": { L: [] }, ":ss": { SS: ["x"] } };

function given(text: string): readonly GivenAttribute[] {
  const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(text));
  const given = used.length === 0 ? undefined : Object.fromEntries(used);
  const { update } = readExpressions({ update: text, values: given }, "enveloped");
  assert(update !== undefined);
  return givenAttributes(update);
}

const rows: readonly (readonly [string, GivenAttribute[]])[] = [
  ["SET a = :s", [{ name: "a", kind: "S", value: { S: "x" } }]],
  ["SET a = b", []],
  ["SET a = b + :n", [{ name: "a", kind: "N" }]],
  ["SET a = list_append(b, :l)", [{ name: "a", kind: "L" }]],
  ["SET a = if_not_exists(b, :s)", [{ name: "a", kind: "S" }]],
  ["SET a = if_not_exists(b, c)", []],
  ["SET a = if_not_exists(b, if_not_exists(c, :n))", [{ name: "a", kind: "N" }]],
  ["SET a.b = :s, c[0] = :s", []],
  ["REMOVE a", []],
  ["ADD a :n", [{ name: "a", kind: "N" }]],
  ["ADD a.b :n", []],
  ["DELETE a :ss", [{ name: "a", kind: "SS" }]],
  [
    "SET a = :s REMOVE b ADD c :n",
    [
      { name: "a", kind: "S", value: { S: "x" } },
      { name: "c", kind: "N" },
    ],
  ],
];
for (const [text, expected] of rows) {
  test(`${text} tells of ${expected.length} attributes`, () => {
    assert.deepEqual(given(text), expected);
  });
}

test("AttributeUpdates tell the same", () => {
  const update = attributeUpdatesUpdate(
    {
      a: { Value: { S: "x" } },
      b: { Action: "ADD", Value: { N: "1" } },
      c: { Action: "DELETE" },
      d: { Action: "DELETE", Value: { SS: ["x"] } },
    },
    "enveloped",
  );
  assert.deepEqual(givenAttributes(update), [
    { name: "a", kind: "S", value: { S: "x" } },
    { name: "b", kind: "N" },
    { name: "d", kind: "SS" },
  ]);
});
