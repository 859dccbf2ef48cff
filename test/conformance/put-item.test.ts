import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawCall, rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

type Item = Record<string, AttributeValue>;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
  await createItemTable(server.client, "blobs", ["pk", "B"]);
  await createItemTable(server.client, "odd", ["__proto__", "S"], ["constructor", "S"]);
});
after(() => server.close());

function put(input: Partial<PutItemCommandInput>) {
  return server.client.send(new PutItemCommand({ TableName: "pets", Item: undefined, ...input }));
}

async function stored(TableName: string, Key: Item): Promise<Item | undefined> {
  const answer = await server.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return answer.Item;
}

describe("PutItem", () => {
  test("stores an item of all ten types and reads it back canonically", async () => {
    const item: Item = {
      pk: { S: "all" },
      s: { S: "" },
      n: { N: "1.50e2" },
      b: { B: Uint8Array.of(0, 255) },
      bool: { BOOL: false },
      null: { NULL: true },
      ss: { SS: ["a", ""] },
      ns: { NS: ["1", "-0.10"] },
      bs: { BS: [Uint8Array.of(1)] },
      l: { L: [{ N: "+5" }, { L: [] }] },
      m: { M: { a: { M: {} } } },
    };
    assert.deepEqual((await put({ Item: item })).Attributes, undefined);
    assert.deepEqual(await stored("pets", { pk: { S: "all" } }), {
      ...item,
      n: { N: "150" },
      ns: { NS: ["1", "-0.1"] },
      l: { L: [{ N: "5" }, { L: [] }] },
    });
  });

  test("replaces the whole item and returns the old one only when asked", async () => {
    const Item = { pk: { S: "old" }, a: { N: "1" } };
    assert.deepEqual((await put({ Item, ReturnValues: "ALL_OLD" })).Attributes, undefined);
    const second = await put({ Item: { pk: { S: "old" }, b: { N: "2" } }, ReturnValues: "ALL_OLD" });
    assert.deepEqual(second.Attributes, Item);
    assert.deepEqual((await put({ Item, ReturnValues: "NONE" })).Attributes, undefined);
    assert.deepEqual(await stored("pets", { pk: { S: "old" } }), Item);
  });

  test("keys written as different numbers name one item", async () => {
    await put({ TableName: "songs", Item: { pk: { S: "n" }, sk: { N: "1.0" }, a: { S: "first" } } });
    await put({ TableName: "songs", Item: { pk: { S: "n" }, sk: { N: "1e0" }, a: { S: "second" } } });
    assert.deepEqual(await stored("songs", { pk: { S: "n" }, sk: { N: "01" } }), {
      pk: { S: "n" },
      sk: { N: "1" },
      a: { S: "second" },
    });
  });

  test("attributes may be called like members of every object", async () => {
    const item = JSON.parse(
      '{"__proto__":{"S":"a"},"constructor":{"S":"b"},"toString":{"N":"1.0"},"x":{"M":{"__proto__":{"N":"2.0"}}}}',
    ) as Item;
    const key = '{"__proto__":{"S":"a"},"constructor":{"S":"b"}}';
    assert.equal((await rawCall(server.endpoint, "PutItem", { TableName: "odd", Item: item })).status, 200);
    const { body } = await rawCall(server.endpoint, "GetItem", `{"TableName":"odd","Key":${key}}`);
    assert.equal(
      JSON.stringify(body),
      '{"Item":{"__proto__":{"S":"a"},"constructor":{"S":"b"},"toString":{"N":"1"},"x":{"M":{"__proto__":{"N":"2"}}}}}',
    );
    assert.deepEqual(
      await rawRefusal(server.endpoint, "PutItem", { TableName: "odd", Item: { constructor: { S: "b" } } }),
      validation("One or more parameter values were invalid: Missing the key __proto__ in the item"),
    );
  });

  test("a table's ARN stands for its name and is echoed in the capacity", async () => {
    const TableName = "arn:aws:dynamodb:us-east-1:000000000000:table/pets";
    const answer = await put({
      TableName,
      Item: { pk: { S: "arn" } },
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(answer.ConsumedCapacity, { TableName, CapacityUnits: 1, Table: { CapacityUnits: 1 } });
  });

  test("capacity counts started kilobytes of the larger image", async () => {
    const units = async (length: number) => {
      const Item = { pk: { S: "big" }, a: { S: "x".repeat(length) } };
      const answer = await put({ Item, ReturnConsumedCapacity: "TOTAL" });
      return answer.ConsumedCapacity;
    };
    const total = (CapacityUnits: number) => ({ TableName: "pets", CapacityUnits });
    assert.deepEqual(await units(1024 - 6), total(1));
    assert.deepEqual(await units(1025 - 6), total(2));
    assert.deepEqual(await units(5000), total(5));
    assert.deepEqual(await units(1), total(5));
    assert.deepEqual(await units(1), total(1));
    assert.equal((await put({ Item: { pk: { S: "x" } } })).ConsumedCapacity, undefined);
    assert.equal(
      (await put({ Item: { pk: { S: "x" } }, ReturnConsumedCapacity: "NONE" })).ConsumedCapacity,
      undefined,
    );
  });

  test("item collection metrics are absent from a table without local indexes", async () => {
    const answer = await put({ Item: { pk: { S: "m" } }, ReturnItemCollectionMetrics: "SIZE" });
    assert.equal(answer.ItemCollectionMetrics, undefined);
  });
});

describe("PutItem with a condition", () => {
  const condition = { ConditionExpression: "attribute_not_exists(pk)" };

  test("writes where the condition holds and refuses where it does not", async () => {
    const first = { pk: { S: "once" }, a: { N: "1" } };
    await put({ Item: first, ...condition });
    assert.deepEqual(await refusalOf(put({ Item: { pk: { S: "once" } }, ...condition })), {
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
    });
    assert.deepEqual(await stored("pets", { pk: { S: "once" } }), first);
  });

  test("the error shows the item only when asked, and nothing where there is none", async () => {
    const Item = { pk: { S: "shown" }, a: { N: "1" } };
    await put({ Item });
    const failure = async (input: Partial<PutItemCommandInput>) => {
      try {
        await put(input);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return error.Item;
        throw error;
      }
      return assert.fail("the condition held");
    };
    const shown = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
    assert.deepEqual(await failure({ Item, ...condition, ...shown }), Item);
    assert.equal(await failure({ Item, ...condition }), undefined);
    const absent = { Item: { pk: { S: "absent" } }, ConditionExpression: "attribute_exists(pk)", ...shown };
    assert.equal(await failure(absent), undefined);
  });

  test("Expected works as the older form of a condition", async () => {
    const Item = { pk: { S: "legacy" }, a: { N: "1" } };
    await put({ Item, Expected: { pk: { Exists: false } } });
    await put({ Item: { ...Item, a: { N: "2" } }, Expected: { a: { Value: { N: "1.0" } } } });
    const failed = put({
      Item,
      Expected: { a: { ComparisonOperator: "LT", AttributeValueList: [{ N: "2" }] } },
    });
    assert.equal((await refusalOf(failed)).name, "ConditionalCheckFailedException");
    await put({
      Item,
      Expected: { a: { Value: { N: "7" } }, pk: { Value: { S: "legacy" } } },
      ConditionalOperator: "OR",
    });
    assert.deepEqual(await stored("pets", { pk: { S: "legacy" } }), Item);
  });
});

describe("PutItem refuses", () => {
  const ok: Item = { pk: { S: "a" } };
  const text = "One or more parameter values were invalid";
  const enveloped = "1 validation error detected: ";

  // The order of rows within a theme is the order of the checks: each row also has the fault of the next.
  const refusals: readonly (readonly [string, Partial<PutItemCommandInput>, string])[] = [
    [
      "values without expression",
      { Item: ok, ExpressionAttributeValues: { ":v": { S: "x" } } },
      `${enveloped}ExpressionAttributeValues can only be specified when using expressions`,
    ],
    [
      "names without expression",
      { Item: ok, ExpressionAttributeNames: { "#n": "a" } },
      `${enveloped}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      "names beside Expected",
      { Item: ok, ExpressionAttributeNames: { "#n": "a" }, Expected: { a: { Exists: false } } },
      `${enveloped}ExpressionAttributeNames can only be specified when using expressions`,
    ],
    [
      "both styles",
      {
        Item: { pk: { N: "x" } },
        Expected: { a: { Exists: false } },
        ConditionExpression: "attribute_exists(pk)",
      },
      `${enveloped}Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}`,
    ],
    [
      "empty names",
      { Item: ok, ConditionExpression: "attribute_exists(pk)", ExpressionAttributeNames: {} },
      `${enveloped}ExpressionAttributeNames must not be empty`,
    ],
    [
      "empty values",
      { Item: ok, ConditionExpression: "attribute_exists(pk)", ExpressionAttributeValues: {} },
      `${enveloped}ExpressionAttributeValues must not be empty`,
    ],
    [
      "an empty condition",
      { Item: ok, ConditionExpression: "" },
      `${enveloped}Invalid ConditionExpression: The expression can not be empty;`,
    ],
    [
      "unused names",
      {
        Item: ok,
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeNames: { "#unused": "a" },
      },
      `${enveloped}Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}`,
    ],
    [
      "unused values",
      {
        Item: ok,
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeValues: { ":unused": { S: "a" } },
      },
      `${enveloped}Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}`,
    ],
    [
      "redundant parentheses",
      { Item: ok, ConditionExpression: "((attribute_exists(pk)))" },
      `${enveloped}Invalid ConditionExpression: The expression has redundant parentheses;`,
    ],
    [
      "one operand twice",
      { Item: ok, ConditionExpression: "contains(#a, #a)", ExpressionAttributeNames: { "#a": "data" } },
      `${enveloped}Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [data]`,
    ],
    [
      "Exists true without a value",
      { Item: ok, Expected: { a: { Exists: true } } },
      `${enveloped}${text}: Value must be provided when Exists is true for Attribute: a`,
    ],
    [
      "Exists false with a value",
      { Item: ok, Expected: { a: { Exists: false, Value: { S: "x" } } } },
      `${enveloped}${text}: Value cannot be used when Exists is false for Attribute: a`,
    ],
    [
      "Value beside AttributeValueList",
      {
        Item: ok,
        Expected: {
          a: { Value: { S: "x" }, AttributeValueList: [{ S: "x" }], ComparisonOperator: "EQ" },
        },
      },
      `${enveloped}${text}: Value and AttributeValueList cannot be used together for Attribute: a`,
    ],
    [
      "an operator without operand",
      { Item: ok, Expected: { a: { ComparisonOperator: "EQ" } } },
      `${enveloped}${text}: Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a`,
    ],
    [
      "BETWEEN with one operand",
      { Item: ok, Expected: { a: { ComparisonOperator: "BETWEEN", AttributeValueList: [{ S: "x" }] } } },
      `${enveloped}${text}: Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
    [
      "new values to be returned",
      { Item: ok, ReturnValues: "ALL_NEW" },
      `${enveloped}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [
      "updated values to be returned",
      { Item: ok, ReturnValues: "UPDATED_OLD" },
      `${enveloped}ReturnValues can only be ALL_OLD or NONE`,
    ],
    [
      "a word for a number",
      { Item: { ...ok, n: { N: "abc" } }, ReturnValues: "ALL_NEW" },
      `${enveloped}The parameter cannot be converted to a numeric value: abc`,
    ],
    [
      "no number at all",
      { Item: { ...ok, n: { N: "" } } },
      `${enveloped}The parameter cannot be converted to a numeric value: `,
    ],
    [
      "a number with blanks",
      { Item: { ...ok, n: { N: " 1" } } },
      `${enveloped}The parameter cannot be converted to a numeric value:  1`,
    ],
    [
      "a number too large",
      { Item: { ...ok, n: { N: "1e126" } } },
      `${enveloped}Number overflow. Attempting to store a number with magnitude larger than supported range`,
    ],
    [
      "a number too small",
      { Item: { ...ok, n: { N: "1e-131" } } },
      `${enveloped}Number underflow. Attempting to store a number with magnitude smaller than supported range`,
    ],
    [
      "39 digits",
      { Item: { ...ok, n: { N: "1".repeat(39) } } },
      `${enveloped}Attempting to store more than 38 significant digits in a Number`,
    ],
    [
      "a repeated string in a set",
      { Item: { ...ok, s: { SS: ["b", "a", "b"] } } },
      `${enveloped}${text}: Input collection ["a", "b", "b"] contains duplicates.`,
    ],
    [
      "repeated bytes in a set",
      { Item: { ...ok, s: { BS: [Uint8Array.of(255), Uint8Array.of(0), Uint8Array.of(0)] } } },
      `${enveloped}${text}: Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
    ],
    [
      "a repeated number in a set",
      { Item: { ...ok, s: { NS: ["1", "2", "1.0"] } } },
      `${enveloped}${text}: Input collection contains duplicates.`,
    ],
    [
      "an empty string set",
      { Item: { ...ok, s: { SS: [] } } },
      `${enveloped}${text}: An string set  may not be empty`,
    ],
    [
      "an empty number set",
      { Item: { ...ok, s: { NS: [] } } },
      `${enveloped}${text}: An number set  may not be empty`,
    ],
    [
      "an empty binary set",
      { Item: { ...ok, s: { BS: [] } } },
      `${enveloped}${text}: Binary sets should not be empty`,
    ],
    [
      "NULL false",
      { Item: { ...ok, s: { NULL: false } } },
      `${enveloped}${text}: Null attribute value types must have the value of true`,
    ],
    [
      "a bad number in Expected",
      { Item: ok, Expected: { a: { Value: { N: "abc" } } } },
      `${enveloped}The parameter cannot be converted to a numeric value: abc`,
    ],
    [
      "a bad number in a value",
      { Item: ok, ConditionExpression: "a = :v", ExpressionAttributeValues: { ":v": { N: "abc" } } },
      `${enveloped}The parameter cannot be converted to a numeric value: abc`,
    ],
    ["an item without its key", { Item: { a: { S: "x" } } }, `${text}: Missing the key pk in the item`],
    [
      "an item without its sort key",
      { TableName: "songs", Item: ok },
      `${text}: Missing the key sk in the item`,
    ],
    [
      "a key of another type",
      { Item: { pk: { N: "1" } } },
      `${text}: Type mismatch for key pk expected: S actual: N`,
    ],
    [
      "a key that is a list",
      { Item: { pk: { L: [] } } },
      `${text}: Type mismatch for key pk expected: S actual: L`,
    ],
    [
      "an empty key",
      { Item: { pk: { S: "" } } },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "an empty binary key",
      { TableName: "blobs", Item: { pk: { B: new Uint8Array() } } },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: pk",
    ],
    [
      "a partition key that is too long",
      { Item: { pk: { S: "é".repeat(1024) + "x" } } },
      `${text}: Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
    [
      "an item that is too large, before it looks for the table",
      { TableName: "nowhere", Item: { pk: { S: "a" }, a: { S: "x".repeat(409_600 - 3) } } },
      "Item size has exceeded the maximum allowed size",
    ],
    ["an empty attribute name", { Item: { ...ok, "": { S: "x" } } }, "Empty attribute name"],
  ];

  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(put(input)), validation(message));
    });
  }

  test("values that are no attribute value", async () => {
    const refusal = (value: unknown) =>
      rawRefusal(server.endpoint, "PutItem", { TableName: "pets", Item: { pk: { S: "a" }, v: value } });
    assert.deepEqual(
      await refusal({}),
      validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    );
    assert.deepEqual(
      await refusal({ S: "a", N: "1" }),
      validation(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
      ),
    );
  });

  test("values nested deeper than 32 levels", async () => {
    const nested = (wrappers: number): AttributeValue =>
      wrappers === 0 ? { S: "leaf" } : { M: { a: nested(wrappers - 1) } };
    await put({ Item: { ...ok, deep: nested(31) } });
    assert.deepEqual(
      await refusalOf(put({ Item: { ...ok, deep: nested(32) } })),
      validation(
        `${enveloped}Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit`,
      ),
    );
  });

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(put({ TableName: "nowhere", Item: { a: { S: "no key" } } })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});

describe("PutItem accepts", () => {
  const accepted: readonly (readonly [string, Partial<PutItemCommandInput>])[] = [
    ["an item of exactly 400 KB", { Item: { pk: { S: "a" }, a: { S: "x".repeat(409_600 - 4) } } }],
    ["a partition key of 2,048 bytes", { Item: { pk: { S: "é".repeat(1024) } } }],
    ["a binary key of zeros", { TableName: "blobs", Item: { pk: { B: Uint8Array.of(0, 0) } } }],
  ];
  for (const [title, input] of accepted) {
    test(title, async () => {
      await put(input);
      const { pk } = input.Item ?? {};
      assert.deepEqual(pk && (await stored(input.TableName ?? "pets", { pk })), input.Item);
    });
  }
});
