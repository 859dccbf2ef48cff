import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arbitraryItem } from "../../test/fixtures/arbitrary-values.ts";
import type { Item } from "../model/attribute-value.ts";
import { AttributePicker } from "./attribute-picker.ts";
import { decodeItem, encodeItem } from "./item-codec.ts";

function picked(item: Item, names: readonly string[]): Item {
  return new AttributePicker(names).pick(decodeItem(encodeItem(item, 1, 1).bytes));
}

test("only top-level attributes of exactly the wanted names are picked", () => {
  const item: Item = {
    'quo"ted\\': { S: '"M":{"M":' },
    M: { M: { M: { S: "inner" }, b: { N: "1" } } },
    ab: { S: "no" },
    "\u00e9\n": { L: [{ SS: ["]", "}"] }, { BOOL: true }] },
    b: { NULL: true },
  };
  const names = ["b", 'quo"ted\\', "\u00e9\n", "absent", "b"];
  assert.deepEqual(
    { ...picked(item, names) },
    {
      'quo"ted\\': item['quo"ted\\'],
      "\u00e9\n": item["\u00e9\n"],
      b: item["b"],
    },
  );
  assert.deepEqual({ ...picked(item, ["M"]) }, { M: item["M"] });
});

test("any attributes of any item are what parsing it all would give", () => {
  fc.assert(
    fc.property(arbitraryItem, fc.array(fc.nat(20)), (item, choices) => {
      const all = Object.entries(item);
      const names = new Set(choices.map((choice) => all[choice % Math.max(1, all.length)]?.[0] ?? "none"));
      const text = JSON.stringify(Object.fromEntries(all.filter(([name]) => names.has(name))));
      assert.deepEqual({ ...picked(item, [...names]) }, JSON.parse(text));
    }),
  );
});
