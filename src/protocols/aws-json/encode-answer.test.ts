import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { EncodedItem } from "../../model/encoded-item.ts";
import { encodeAnswer } from "./encode-answer.ts";

const item = { a: { S: "h\u00e9 \u{1f600}" }, constructor: { N: "1" } };
const stored = new EncodedItem(Buffer.from(JSON.stringify(item)));

const answers: readonly [title: string, output: object, plain: object][] = [
  ["nothing to say", {}, {}],
  ["an undefined member", { Item: undefined, Count: 0 }, { Count: 0 }],
  ["a stored item", { Item: stored }, { Item: item }],
  ["a stored item in the middle", { Item: stored, Text: "\u00e9" }, { Item: item, Text: "\u00e9" }],
  ["stored attributes", { Attributes: stored }, { Attributes: item }],
  [
    "items of both kinds",
    { Items: [stored, item, stored], Count: 3 },
    { Items: [item, item, item], Count: 3 },
  ],
  ["no items", { Items: [], Count: 0 }, { Items: [], Count: 0 }],
  [
    "items by table",
    { Responses: { t: [stored, item], u: [] }, UnprocessedKeys: {} },
    { Responses: { t: [item, item], u: [] }, UnprocessedKeys: {} },
  ],
  ["items by no table", { Responses: {} }, { Responses: {} }],
  ["one response an action", { Responses: [{ Item: stored }, {}] }, { Responses: [{ Item: item }, {}] }],
  [
    "the item that made a statement of a batch fail",
    { Responses: [{ Error: { Code: "x", Item: stored }, TableName: "t" }, { Error: { Code: "y" } }] },
    { Responses: [{ Error: { Code: "x", Item: item }, TableName: "t" }, { Error: { Code: "y" } }] },
  ],
  [
    "the records of a stream",
    { Records: [{ eventID: "1", dynamodb: { Keys: item, NewImage: stored, OldImage: undefined } }, {}] },
    { Records: [{ eventID: "1", dynamodb: { Keys: item, NewImage: item } }, {}] },
  ],
  ["no records", { Records: [] }, { Records: [] }],
  [
    "cancellation reasons",
    { CancellationReasons: [{ Code: "None" }, { Item: stored, Code: "x" }] },
    { CancellationReasons: [{ Code: "None" }, { Item: item, Code: "x" }] },
  ],
];

for (const [title, output, plain] of answers) {
  test(`${title} is encoded like plain JSON`, () => {
    assert.equal(encodeAnswer(output).toString(), JSON.stringify(plain));
  });
}

test("any output is encoded as JSON would be, wherever its items are stored ones", () => {
  const plainItem = fc.dictionary(
    fc.string({ unit: "grapheme" }),
    fc.record({ S: fc.string({ unit: "grapheme" }) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(plainItem, fc.boolean())), fc.jsonValue(), (items, rest) => {
      const mixed = items.map(([each, encoded]) =>
        encoded ? new EncodedItem(Buffer.from(JSON.stringify(each))) : each,
      );
      const plain = items.map(([each]) => each);
      const table = "t\u00e9";
      assert.deepEqual(
        JSON.parse(encodeAnswer({ Items: mixed, Responses: { [table]: mixed }, Rest: rest }).toString()),
        JSON.parse(JSON.stringify({ Items: plain, Responses: { [table]: plain }, Rest: rest })),
      );
    }),
  );
});
