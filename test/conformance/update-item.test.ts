import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createItemTable(server.client, "pets", ["pk", "S"]);
});
after(() => server.close());

type Item = Record<string, AttributeValue>;

function update(pk: string, input: Partial<UpdateItemCommandInput>) {
  return server.client.send(new UpdateItemCommand({ TableName: "pets", Key: { pk: { S: pk } }, ...input }));
}

async function put(Item: Item): Promise<Item> {
  await server.client.send(new PutItemCommand({ TableName: "pets", Item }));
  return Item;
}

async function stored(pk: string): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: "pets", Key: { pk: { S: pk } }, ConsistentRead: true });
  return (await server.client.send(command)).Item;
}

describe("UpdateItem", () => {
  test("edits what is there and leaves the rest", async () => {
    await put({ pk: { S: "a" }, n: { N: "1" }, keep: { S: "k" }, drop: { S: "d" }, tags: { SS: ["x"] } });
    await update("a", {
      UpdateExpression: "SET n = n + :one, m = :m REMOVE #d ADD tags :t",
      ExpressionAttributeNames: { "#d": "drop" },
      ExpressionAttributeValues: { ":one": { N: "1" }, ":m": { M: { a: { L: [] } } }, ":t": { SS: ["y"] } },
    });
    const item = await stored("a");
    assert.deepEqual(item?.["tags"]?.SS?.toSorted(), ["x", "y"]);
    assert.deepEqual(
      { ...item, tags: undefined },
      {
        pk: { S: "a" },
        n: { N: "2" },
        keep: { S: "k" },
        m: { M: { a: { L: [] } } },
        tags: undefined,
      },
    );
  });

  const absentItem: readonly (readonly [string, Partial<UpdateItemCommandInput>, Item | undefined])[] = [
    [
      "SET makes the item",
      { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { N: "1.0" } } },
      { a: { N: "1" } },
    ],
    [
      "ADD makes the item",
      { UpdateExpression: "ADD a :v", ExpressionAttributeValues: { ":v": { N: "5" } } },
      { a: { N: "5" } },
    ],
    ["no update makes the item", {}, {}],
    ["empty AttributeUpdates make the item", { AttributeUpdates: {} }, {}],
    ["AttributeUpdates put", { AttributeUpdates: { a: { Value: { S: "x" } } } }, { a: { S: "x" } }],
    ["REMOVE makes none", { UpdateExpression: "REMOVE a" }, undefined],
    ["a legacy DELETE makes none", { AttributeUpdates: { a: { Action: "DELETE" } } }, undefined],
  ];
  for (const [index, [title, input, expected]] of absentItem.entries()) {
    test(`where there is no item, ${title}`, async () => {
      const pk = `absent-${index}`;
      await update(pk, input);
      assert.deepEqual(await stored(pk), expected && { pk: { S: pk }, ...expected });
    });
  }

  test("names of attributes may be those of members of every object", async () => {
    await update("odd", {
      UpdateExpression: "SET #p = :v, #c = :v",
      ExpressionAttributeNames: { "#p": "__proto__", "#c": "constructor" },
      ExpressionAttributeValues: { ":v": { S: "own" } },
    });
    const answer = await update("odd", {
      UpdateExpression: "SET #t = if_not_exists(#t, :v)",
      ExpressionAttributeNames: { "#t": "toString" },
      ExpressionAttributeValues: { ":v": { S: "new" } },
      ReturnValues: "UPDATED_NEW",
    });
    assert.deepEqual(Object.entries(answer.Attributes ?? {}), [["toString", { S: "new" }]]);
  });

  test("a false condition leaves the item alone", async () => {
    const item = await put({ pk: { S: "guarded" }, n: { N: "1" } });
    const guarded = update("guarded", {
      UpdateExpression: "SET n = :n",
      ConditionExpression: "n = :old",
      ExpressionAttributeValues: { ":n": { N: "3" }, ":old": { N: "2" } },
    });
    assert.deepEqual(await refusalOf(guarded), {
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
    });
    assert.deepEqual(await stored("guarded"), item);
  });

  test("concurrent increments all count", async () => {
    const increment = { UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } };
    await Promise.all(Array.from({ length: 50 }, () => update("counter", increment)));
    assert.deepEqual((await stored("counter"))?.["n"], { N: "50" });
  });

  test("a list index past the end appends", async () => {
    await put({ pk: { S: "list" }, l: { L: [{ N: "0" }] } });
    await update("list", {
      UpdateExpression: "SET l[9] = :b, l[5] = :a",
      ExpressionAttributeValues: { ":a": { S: "a" }, ":b": { S: "b" } },
    });
    assert.deepEqual((await stored("list"))?.["l"], { L: [{ N: "0" }, { S: "a" }, { S: "b" }] });
  });
});

describe("UpdateItem returns", () => {
  const before = { a: { M: { b: { N: "1" }, c: { L: [{ S: "x" }, { S: "y" }] } } }, keep: { S: "k" } };
  const rows: readonly (readonly [
    string,
    Partial<UpdateItemCommandInput>,
    { readonly [Returns in "UPDATED_OLD" | "UPDATED_NEW"]?: object | undefined },
  ])[] = [
    [
      "the changed places of a map",
      { UpdateExpression: "SET a.b = :v, a.d = :v", ExpressionAttributeValues: { ":v": { N: "2" } } },
      {
        UPDATED_OLD: { a: { M: { b: { N: "1" } } } },
        UPDATED_NEW: { a: { M: { b: { N: "2" }, d: { N: "2" } } } },
      },
    ],
    [
      "nothing of a new attribute's past",
      { UpdateExpression: "SET fresh = :v", ExpressionAttributeValues: { ":v": { S: "f" } } },
      { UPDATED_OLD: undefined, UPDATED_NEW: { fresh: { S: "f" } } },
    ],
    [
      "nothing of a removed attribute's present",
      { UpdateExpression: "REMOVE keep" },
      { UPDATED_OLD: { keep: { S: "k" } }, UPDATED_NEW: undefined },
    ],
    [
      "attributes put by AttributeUpdates",
      { AttributeUpdates: { keep: { Action: "PUT", Value: { S: "new" } } } },
      { UPDATED_OLD: { keep: { S: "k" } }, UPDATED_NEW: { keep: { S: "new" } } },
    ],
    ["nothing when nothing is updated", {}, { UPDATED_OLD: undefined, UPDATED_NEW: undefined }],
  ];
  for (const [index, [title, input, expected]] of rows.entries()) {
    for (const returns of ["UPDATED_OLD", "UPDATED_NEW"] as const) {
      test(`${title} (${returns})`, async () => {
        const pk = `returns-${index}`;
        await put({ pk: { S: pk }, ...before });
        assert.deepEqual(
          (await update(pk, { ...input, ReturnValues: returns })).Attributes,
          expected[returns],
        );
      });
    }
  }

  test("whole images, old and new", async () => {
    const old = await put({ pk: { S: "images" }, n: { N: "1" } });
    const set = (N: string, ReturnValues: "ALL_OLD" | "ALL_NEW" | "NONE") =>
      update("images", {
        UpdateExpression: "SET n = :n",
        ExpressionAttributeValues: { ":n": { N } },
        ReturnValues,
      });
    assert.deepEqual((await set("2", "ALL_OLD")).Attributes, old);
    assert.deepEqual((await set("3", "ALL_NEW")).Attributes, { ...old, n: { N: "3" } });
    assert.equal((await set("4", "NONE")).Attributes, undefined);
  });

  test("nothing old of an item that was not there", async () => {
    assert.equal((await update("images-absent", { ReturnValues: "ALL_OLD" })).Attributes, undefined);
  });

  test("capacity by the larger image", async () => {
    const grow = await update("capacity", {
      UpdateExpression: "SET a = :a",
      ExpressionAttributeValues: { ":a": { S: "x".repeat(3000) } },
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(grow.ConsumedCapacity, { TableName: "pets", CapacityUnits: 3 });
    const shrink = await update("capacity", {
      UpdateExpression: "REMOVE a",
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(shrink.ConsumedCapacity, {
      TableName: "pets",
      CapacityUnits: 3,
      Table: { CapacityUnits: 3 },
    });
  });
});

describe("UpdateItem refuses", () => {
  const enveloped = "1 validation error detected: ";
  const text = "One or more parameter values were invalid";
  const value = { ExpressionAttributeValues: { ":v": { S: "x" } } };

  const refusals: readonly (readonly [string, Partial<UpdateItemCommandInput>, string])[] = [
    [
      "both styles",
      { AttributeUpdates: {}, Expected: {}, UpdateExpression: "", ConditionExpression: "" },
      `${enveloped}Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}`,
    ],
    [
      "an update beside AttributeUpdates",
      { AttributeUpdates: { a: { Value: { S: "x" } } }, UpdateExpression: "SET a = :v", ...value },
      `${enveloped}Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}`,
    ],
    [
      "values without expression",
      { ...value },
      `${enveloped}ExpressionAttributeValues can only be specified when using expressions`,
    ],
    [
      "an empty update",
      { UpdateExpression: "" },
      `${enveloped}Invalid UpdateExpression: The expression can not be empty;`,
    ],
    [
      "an update that does not parse",
      { UpdateExpression: "INVALID SYNTAX" },
      `${enveloped}Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"`,
    ],
    [
      "an undefined value",
      { UpdateExpression: "SET a = :v" },
      `${enveloped}Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v`,
    ],
    [
      "an undefined value in the condition",
      { UpdateExpression: "SET a = :v", ConditionExpression: "b = :w", ...value },
      `${enveloped}Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :w`,
    ],
    [
      "a repeated number in a set",
      { UpdateExpression: "SET a = :v", ExpressionAttributeValues: { ":v": { NS: ["2", "1", "2"] } } },
      `${enveloped}${text}: Input collection contains duplicates.`,
    ],
    [
      "a bad number in AttributeUpdates",
      { AttributeUpdates: { a: { Value: { N: "1e126" } } } },
      `${enveloped}Number overflow. Attempting to store a number with magnitude larger than supported range`,
    ],
    [
      "paths that overlap",
      { UpdateExpression: "SET a = :v, a.b = :v", ...value },
      `${enveloped}Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]`,
    ],
    [
      "an update of the key",
      { UpdateExpression: "SET pk = :v", ...value },
      `${text}: Cannot update attribute pk. This attribute is part of the key`,
    ],
    [
      "a removal of the key",
      { UpdateExpression: "SET a = :v REMOVE #k", ExpressionAttributeNames: { "#k": "pk" }, ...value },
      `${text}: Cannot update attribute pk. This attribute is part of the key`,
    ],
    [
      "an update of the key by AttributeUpdates",
      { AttributeUpdates: { pk: { Value: { S: "x" } } } },
      `${text}: Cannot update attribute pk. This attribute is part of the key`,
    ],
    [
      "an update inside the key",
      { UpdateExpression: "SET pk.a = :v", ...value },
      `${text}: Cannot update attribute pk. This attribute is part of the key`,
    ],
    [
      "a path into the key",
      { UpdateExpression: "SET a = pk.a" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
    [
      "a key of another shape",
      { Key: { id: { S: "a" } } },
      "The provided key element does not match the schema",
    ],
    [
      "an empty key",
      { Key: { pk: { S: "" } } },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "a reference to an attribute that is not there",
      { UpdateExpression: "SET a = nowhere" },
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      "a path that leads nowhere",
      { UpdateExpression: "SET nowhere.b = :v", ...value },
      "The document path provided in the update expression is invalid for update",
    ],
    [
      "arithmetic on text",
      { UpdateExpression: "SET a = s + :v", ExpressionAttributeValues: { ":v": { N: "1" } } },
      "An operand in the update expression has an incorrect data type",
    ],
    [
      "an empty table name, before anything else",
      { TableName: "", UpdateExpression: "" },
      `${enveloped}Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
  ];
  before(() => put({ pk: { S: "refused" }, s: { S: "text" } }));
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(update("refused", input)), validation(message));
      assert.deepEqual(await stored("refused"), { pk: { S: "refused" }, s: { S: "text" } });
    });
  }

  test("values nested too deep, before the condition is evaluated", async () => {
    const nested = (wrappers: number): AttributeValue =>
      wrappers === 0 ? { S: "leaf" } : { M: { a: nested(wrappers - 1) } };
    const deep = update("refused", {
      UpdateExpression: "SET a = :v",
      ConditionExpression: "attribute_not_exists(pk)",
      ExpressionAttributeValues: { ":v": nested(32) },
    });
    assert.deepEqual(
      await refusalOf(deep),
      validation(
        `${enveloped}Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit`,
      ),
    );
  });

  test("an item that the update makes too deep", async () => {
    const nested = (wrappers: number): AttributeValue =>
      wrappers === 0 ? { S: "leaf" } : { M: { a: nested(wrappers - 1) } };
    await put({ pk: { S: "deep" }, a: nested(31) });
    const path = `a${".a".repeat(30)}`;
    const grow = (wrappers: number) =>
      update("deep", {
        UpdateExpression: `SET ${path} = :v`,
        ExpressionAttributeValues: { ":v": nested(wrappers) },
      });
    await grow(1);
    assert.deepEqual(
      await refusalOf(grow(2)),
      validation(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
      ),
    );
    assert.deepEqual((await stored("deep"))?.["a"], nested(31));
  });

  test("bad ReturnValues, with the service's own misspelling", async () => {
    assert.deepEqual(
      await rawRefusal(server.endpoint, "UpdateItem", {
        TableName: "pets",
        Key: { pk: { S: "a" } },
        ReturnValues: "INVALID",
        ReturnConsumedCapacity: "INVALID",
      }),
      validation(
        `${enveloped}Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]`,
      ),
    );
  });

  test("a table that is not there", async () => {
    assert.deepEqual(await refusalOf(update("a", { TableName: "nowhere" })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });
});

describe("UpdateItem and the limit of 400 KB", () => {
  const tooLarge = validation("Item size to update has exceeded the maximum allowed size");
  const set = (pk: string, name: string, bytes: number, input: Partial<UpdateItemCommandInput> = {}) =>
    update(pk, {
      UpdateExpression: `SET ${name} = :v`,
      ExpressionAttributeValues: { ":v": { S: "x".repeat(bytes) } },
      ...input,
    });

  test("the statement may be charged 409,600 bytes and no more", async () => {
    // Base 3, SET 19, the target's name 1.
    const most = 409_600 - 3 - 19 - 1;
    await set("s", "d", most);
    assert.equal((await stored("s"))?.["d"]?.S?.length, most);
    assert.deepEqual(await refusalOf(set("s", "d", most + 1)), tooLarge);
    const guarded = set("s", "d", most + 1, { ConditionExpression: "attribute_not_exists(pk)" });
    assert.deepEqual(await refusalOf(guarded), tooLarge);
  });

  test("the finished item may have 409,600 bytes and no more", async () => {
    const rest = "y".repeat(300_000);
    const fixed = "pk".length + "f".length + "rest".length + rest.length + "d".length;
    await put({ pk: { S: "f" }, rest: { S: rest } });
    await set("f", "d", 409_600 - fixed);
    assert.deepEqual(await refusalOf(set("f", "d", 409_600 - fixed + 1)), tooLarge);
    assert.equal((await stored("f"))?.["d"]?.S?.length, 409_600 - fixed);
  });

  test("AttributeUpdates are measured by the finished item alone", async () => {
    const put = (bytes: number) =>
      update("u", { AttributeUpdates: { d: { Action: "PUT", Value: { S: "x".repeat(bytes) } } } });
    await put(409_600 - 4);
    assert.deepEqual(await refusalOf(put(409_600 - 3)), tooLarge);
  });
});
