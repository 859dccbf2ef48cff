import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyAttribute } from "../../store/table.ts";
import { checkPartitionKeyPart, checkSortKeyPart } from "./key-part.ts";

const attributes: readonly KeyAttribute[] = [
  { name: "a", type: "S" },
  { name: "b", type: "B" },
  { name: "c", type: "S" },
];
const text = (length: number) => ({ S: "x".repeat(length) });
const bytes = (length: number) => ({ B: Buffer.alloc(length).toString("base64") });

test("the attributes of a partition key share 2,048 bytes", () => {
  checkPartitionKeyPart(attributes, [text(1000), bytes(1000), text(48)]);
  assert.throws(
    () => {
      checkPartitionKeyPart(attributes, [text(1000), bytes(1000), text(49)]);
    },
    {
      message:
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    },
  );
});

test("the attributes of a sort key share 1,024 bytes, given from the first on", () => {
  checkSortKeyPart(attributes, []);
  checkSortKeyPart(attributes, [text(1024)]);
  checkSortKeyPart(attributes, [text(1000), bytes(24)]);
  assert.throws(
    () => {
      checkSortKeyPart(attributes, [text(1000), bytes(25)]);
    },
    {
      message:
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    },
  );
});

test("no attribute of a key may be empty", () => {
  assert.throws(
    () => {
      checkSortKeyPart(attributes, [text(1), bytes(0)]);
    },
    {
      message:
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: b",
    },
  );
});
