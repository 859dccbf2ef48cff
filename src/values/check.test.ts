import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { arbitraryItem } from "../../test/fixtures/arbitrary-values.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { RequestError, ServiceError } from "../model/errors.ts";
import { checkItem, checkValue } from "./check.ts";

const invalidParameters = "One or more parameter values were invalid: ";
const empty = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
const manyTyped =
  "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
const nullNotTrue = `${invalidParameters}Null attribute value types must have the value of true`;
const emptyStrings = `${invalidParameters}An string set  may not be empty`;
const tooDeep =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
const notANumber = "The parameter cannot be converted to a numeric value: x";
const emptyName = "Empty attribute name";
const nameTooLarge = "Attribute name is too large, must be less than 65536 bytes";

test("an item in which nothing changes is returned itself", () => {
  const item: Item = {
    text: { S: "" },
    number: { N: "-1.5" },
    bytes: { B: "" },
    truth: { BOOL: false },
    nothing: { NULL: true },
    texts: { SS: ["b", "", "a"] },
    numbers: { NS: ["1", "-1"] },
    binaries: { BS: ["", "AA=="] },
    list: { L: [] },
    map: { M: { inner: { L: [{ M: {} }] } } },
  };
  assert.equal(checkItem(item, "current"), item);
});

test("numbers become canonical wherever they stand, and what was sent is left alone", () => {
  const sent = Object.freeze({
    a: { N: "01" },
    b: { NS: ["1e1", "2"] },
    c: { L: [{ S: "x" }, { N: "1.0" }] },
    d: { M: { e: { N: "+1" }, f: { S: "y" } } },
    g: { S: "z" },
  });
  const checked = checkItem(sent, "current");
  assert.deepEqual(plain(checked), {
    a: { N: "1" },
    b: { NS: ["10", "2"] },
    c: { L: [{ S: "x" }, { N: "1" }] },
    d: { M: { e: { N: "1" }, f: { S: "y" } } },
    g: { S: "z" },
  });
  assert.equal(checked["g"], sent.g);
  assert.deepEqual(sent.a, { N: "01" });
});

test("attributes may be called like members of every object", () => {
  const sent = parsed('{"__proto__":{"N":"01"},"constructor":{"N":"02"},"m":{"M":{"__proto__":{"N":"03"}}}}');
  const checked = checkItem(sent, "current");
  assert.equal(
    JSON.stringify(checked),
    '{"__proto__":{"N":"1"},"constructor":{"N":"2"},"m":{"M":{"__proto__":{"N":"3"}}}}',
  );
  assert.deepEqual(refusal({ a: parsed('{"__proto__":{"S":"x"}}') as unknown as AttributeValue }), [
    empty,
    "bare",
  ]);
});

test("a binary is kept in its one standard spelling", () => {
  assert.deepEqual(checkValue({ B: "__8" }, "current"), { B: "//8=" });
  assert.deepEqual(checkValue({ BS: ["AB==", "_w"] }, "current"), { BS: ["AA==", "/w=="] });
});

test("a lone surrogate becomes the replacement character", () => {
  assert.deepEqual(checkValue({ S: "a\ud800b" }, "current"), { S: "a\ufffdb" });
  assert.deepEqual(checkValue({ S: "a\u{1f600}b" }, "current"), { S: "a\u{1f600}b" });
  const [text] = refusal({ a: { SS: ["\ud800", "\udfff"] } }) ?? [];
  assert.equal(text, `${invalidParameters}Input collection ["\ufffd", "\ufffd"] contains duplicates.`);
});

test("members that are no type of a value are dropped", () => {
  assert.deepEqual(checkValue({ S: "x", Q: 1 } as unknown as AttributeValue, "current"), { S: "x" });
  assert.deepEqual(checkValue({ S: "x", N: null } as unknown as AttributeValue, "current"), { S: "x" });
});

test("what the newer layers refuse as a wrong request, and what they refuse bare", () => {
  const refusals: readonly (readonly [value: unknown, text: string, family: "request" | "bare"])[] = [
    [{}, empty, "bare"],
    [{ S: null }, empty, "bare"],
    [{ Q: "x" }, empty, "bare"],
    [{ S: "x", N: "1" }, manyTyped, "bare"],
    [{ N: "x" }, notANumber, "request"],
    [{ N: "" }, "The parameter cannot be converted to a numeric value: ", "request"],
    [{ NULL: false }, nullNotTrue, "request"],
    [{ SS: [] }, emptyStrings, "request"],
    [{ NS: [] }, `${invalidParameters}An number set  may not be empty`, "request"],
    [{ BS: [] }, `${invalidParameters}Binary sets should not be empty`, "request"],
    [
      { SS: ["b", "a", "b"] },
      `${invalidParameters}Input collection ["a", "b", "b"] contains duplicates.`,
      "request",
    ],
    [
      { SS: ["c", "b", "b", "a", "c"] },
      `${invalidParameters}Input collection ["b", "c", "b", "a", "c"] contains duplicates.`,
      "request",
    ],
    [{ SS: ["", ""] }, `${invalidParameters}Input collection ["", ""] contains duplicates.`, "request"],
    [
      { BS: ["/w==", "AA==", "AA=="] },
      `${invalidParameters}Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
      "request",
    ],
    [{ NS: ["2", "1", "2.0"] }, `${invalidParameters}Input collection contains duplicates.`, "request"],
    [{ NS: ["1", "x", "1"] }, notANumber, "request"],
    [{ M: { a: { L: [{ N: "x" }] } } }, notANumber, "request"],
    [nested(32, { S: "" }), tooDeep, "request"],
    [{ M: { "": { S: "" } } }, emptyName, "bare"],
    [{ M: { ["n".repeat(65_536)]: { S: "" } } }, nameTooLarge, "request"],
  ];
  for (const [value, text, family] of refusals) {
    assert.deepEqual(refusal({ a: value as AttributeValue }, "enveloped"), [text, family]);
    assert.deepEqual(refusal({ a: value as AttributeValue }, "current"), [text, family]);
    assert.equal(refusalOf(() => checkValue(value as AttributeValue, "current"))?.[0], text);
  }
});

test("what the older layer words otherwise", () => {
  const refusals: readonly (readonly [value: AttributeValue, text: string])[] = [
    [{ N: "" }, "The parameter cannot be converted to a numeric value"],
    [{ SS: ["b", "a", "b"] }, `${invalidParameters}Input collection [b, a, b] contains duplicates.`],
    [
      { BS: ["/w==", "AA==", "AA=="] },
      `${invalidParameters}Input collection [/w==, AA==, AA==]of type BS contains duplicates.`,
    ],
    [{ NS: ["2", "1", "2"] }, "Input collection contains duplicates"],
    [nested(32, { S: "" }), tooDeep],
    [{ SS: [] }, emptyStrings],
  ];
  assert.deepEqual(
    refusals.map(([value]) => [value, refusal({ a: value }, "older")?.[0]]),
    refusals,
  );
});

test("a scalar may lie under 31 maps or lists, and an empty one closes a chain of 32", () => {
  assert.equal(refusal({ a: nested(31, { S: "" }) }), undefined);
  assert.equal(refusal({ a: nested(31, { M: {} }) }), undefined);
  assert.equal(refusal({ a: nested(31, { SS: ["x"] }) }), undefined);
  assert.equal(refusal({ a: nestedInLists(31, { S: "" }) }), undefined);
  assert.deepEqual(refusal({ a: nested(32, { M: {} }) }), [tooDeep, "request"]);
  assert.deepEqual(refusal({ a: nestedInLists(32, { S: "" }) }), [tooDeep, "request"]);
});

test("a request nested a hundred thousand deep is refused as any other that is too deep", () => {
  assert.deepEqual(refusal({ a: nested(100_000, { S: "" }) }), [tooDeep, "request"]);
  assert.deepEqual(refusal({ a: nestedInLists(100_000, { S: "" }) }), [tooDeep, "request"]);
});

test("the first fault in the order of the document wins, and the depth of a value comes before its content", () => {
  const deep = nested(40, { N: "x" });
  assert.deepEqual(refusal({ a: { N: "x" }, b: { SS: [] } })?.[0], notANumber);
  assert.deepEqual(refusal({ a: { SS: [] }, b: { N: "x" } })?.[0], emptyStrings);
  assert.deepEqual(refusal({ a: { N: "x" }, b: deep })?.[0], notANumber);
  assert.deepEqual(refusal({ a: deep, b: { SS: [] } })?.[0], tooDeep);
});

test("an empty name comes after every other fault, save the item's own in the older layer, which comes first", () => {
  const named: Item = { "": { S: "" }, a: { N: "x" } };
  const inner: Item = { a: { M: { "": { S: "" } } }, b: { N: "x" } };
  assert.deepEqual(refusal(named, "enveloped"), [notANumber, "request"]);
  assert.deepEqual(refusal(named, "older"), [emptyName, "bare"]);
  assert.deepEqual(refusal(inner, "enveloped"), [notANumber, "request"]);
  assert.deepEqual(refusal(inner, "older"), [notANumber, "request"]);
  assert.deepEqual(refusal({ "": { S: "" } }, "enveloped"), [emptyName, "bare"]);
});

test("a name may have 65,535 bytes of UTF-8", () => {
  assert.equal(refusal({ ["n".repeat(65_535)]: { S: "" } }), undefined);
  assert.equal(refusal({ ["€".repeat(21_845)]: { S: "" } }), undefined);
  assert.deepEqual(refusal({ ["€".repeat(21_846)]: { S: "" } }), [nameTooLarge, "request"]);
});

test("a checked item passes again as it is", () => {
  fc.assert(fc.property(arbitraryItem, (item) => checkItem(item, "older") === item));
});

function nested(levels: number, leaf: AttributeValue): AttributeValue {
  let value = leaf;
  for (let level = 0; level < levels; level++) value = { M: { m: value } };
  return value;
}

function nestedInLists(levels: number, leaf: AttributeValue): AttributeValue {
  let value = leaf;
  for (let level = 0; level < levels; level++) value = { L: [value] };
  return value;
}

type Refusal = readonly [text: string, family: "request" | "bare"] | undefined;

function refusal(item: Item, wording: "enveloped" | "current" | "older" = "current"): Refusal {
  return refusalOf(() => checkItem(item, wording));
}

function refusalOf(action: () => unknown): Refusal {
  try {
    action();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.name, "ValidationException");
    return [error.message, error instanceof RequestError ? "request" : "bare"];
  }
}

function parsed(json: string): Item {
  return JSON.parse(json) as Item;
}

function plain(item: Item): unknown {
  return JSON.parse(JSON.stringify(item));
}
