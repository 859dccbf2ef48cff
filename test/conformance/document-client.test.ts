import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  PutCommand,
  ScanCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { startTestServer, type TestServer } from "./server.ts";

const TableName = "orders";

let server: TestServer;
let documents: DynamoDBDocumentClient;
before(async () => {
  server = await startTestServer();
  documents = DynamoDBDocumentClient.from(server.client);
  await createItemTable(server.client, TableName, ["customer", "S"], ["number", "N"]);
});
after(() => server.close());

test("plain JavaScript values come back as they went in", async () => {
  const Item = {
    customer: "ada",
    number: 1,
    open: true,
    note: null,
    tags: new Set(["new", "gift"]),
    lines: [{ article: "lamp", price: 12.5 }, []],
    photo: Uint8Array.of(1, 2, 3),
  };
  await documents.send(new PutCommand({ TableName, Item }));
  const read = await documents.send(new GetCommand({ TableName, Key: { customer: "ada", number: 1 } }));
  assert.deepEqual(read.Item, Item);
  const updated = await documents
    .send(
      new UpdateCommand({
        TableName,
        Key: { customer: "ada", number: 1 },
        UpdateExpression: "SET lines[0].price = lines[0].price * :none",
        ExpressionAttributeValues: { ":none": 0 },
      }),
    )
    .catch((error: unknown) => error);
  assert.ok(updated instanceof Error && updated.name === "ValidationException");
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName,
      Key: { customer: "ada", number: 1 },
      UpdateExpression: "SET #l[0].price = #l[0].price - :rebate, seen = if_not_exists(seen, :zero) + :one",
      ConditionExpression: "contains(tags, :gift)",
      ExpressionAttributeNames: { "#l": "lines" },
      ExpressionAttributeValues: { ":rebate": 2.25, ":zero": 0, ":one": 1, ":gift": "gift" },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  assert.deepEqual(Attributes, { lines: [{ price: 10.25 }], seen: 1 });
  const removed = await documents.send(
    new DeleteCommand({ TableName, Key: { customer: "ada", number: 1 }, ReturnValues: "ALL_OLD" }),
  );
  assert.equal(removed.Attributes?.["seen"], 1);
});

test("batches, pages and scans", async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  await documents.send(
    new BatchWriteCommand({
      RequestItems: {
        [TableName]: numbers.map((number) => ({ PutRequest: { Item: { customer: "bob", number } } })),
      },
    }),
  );
  const { Responses } = await documents.send(
    new BatchGetCommand({
      RequestItems: { [TableName]: { Keys: [3, 400, 5].map((number) => ({ customer: "bob", number })) } },
    }),
  );
  assert.deepEqual(Responses?.[TableName], [
    { customer: "bob", number: 3 },
    { customer: "bob", number: 5 },
  ]);
  const seen: unknown[] = [];
  const query = {
    TableName,
    KeyConditionExpression: "customer = :c AND #n >= :from",
    ExpressionAttributeNames: { "#n": "number" },
    ExpressionAttributeValues: { ":c": "bob", ":from": 4 },
    ScanIndexForward: false,
    Limit: 3,
  };
  for await (const page of paginateQuery({ client: documents }, query)) {
    seen.push(...(page.Items ?? []).map((item) => item["number"] as unknown));
  }
  assert.deepEqual(seen, numbers.slice(4).toReversed());
  const { Count } = await documents.send(new ScanCommand({ TableName, Select: "COUNT" }));
  assert.equal(Count, 20);
});
