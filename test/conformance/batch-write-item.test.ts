import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  ScanCommand,
  type AttributeValue,
  type BatchWriteItemCommandInput,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  for (const name of ["pets", "refused"]) await createItemTable(server.client, name, ["pk", "S"]);
  await createItemTable(server.client, "songs", ["pk", "S"], ["sk", "N"]);
});
after(() => server.close());

type Item = Record<string, AttributeValue>;

function batchWrite(
  RequestItems: BatchWriteItemCommandInput["RequestItems"],
  input: Partial<BatchWriteItemCommandInput> = {},
) {
  return server.client.send(new BatchWriteItemCommand({ RequestItems, ...input }));
}

function put(Item: Item): WriteRequest {
  return { PutRequest: { Item } };
}

function remove(Key: Item): WriteRequest {
  return { DeleteRequest: { Key } };
}

async function itemsOf(TableName: string): Promise<readonly Item[]> {
  const { Items = [] } = await server.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
}

describe("BatchWriteItem", () => {
  test("puts and deletes in several tables", async () => {
    const first = await batchWrite({
      pets: [put({ pk: { S: "a" }, n: { N: "1.0" } }), put({ pk: { S: "b" } })],
      songs: [put({ pk: { S: "a" }, sk: { N: "2" } })],
    });
    assert.deepEqual([first.UnprocessedItems, first.ConsumedCapacity], [{}, undefined]);
    const second = await batchWrite(
      {
        pets: [
          put({ pk: { S: "a" }, n: { N: "2" } }),
          remove({ pk: { S: "b" } }),
          remove({ pk: { S: "absent" } }),
        ],
        songs: [put({ pk: { S: "big" }, sk: { N: "1" }, a: { S: "x".repeat(1500) } })],
      },
      { ReturnConsumedCapacity: "INDEXES", ReturnItemCollectionMetrics: "SIZE" },
    );
    assert.deepEqual(second.UnprocessedItems, {});
    assert.equal(second.ItemCollectionMetrics, undefined);
    assert.deepEqual(second.ConsumedCapacity, [
      { TableName: "pets", CapacityUnits: 3, Table: { CapacityUnits: 3 } },
      { TableName: "songs", CapacityUnits: 2, Table: { CapacityUnits: 2 } },
    ]);
    assert.deepEqual(await itemsOf("pets"), [{ pk: { S: "a" }, n: { N: "2" } }]);
    assert.equal((await itemsOf("songs")).length, 2);
  });

  test("takes 25 requests", async () => {
    const requests = Array.from({ length: 25 }, (_, index) => put({ pk: { S: `many-${index}` } }));
    await batchWrite({ pets: requests });
    assert.equal((await itemsOf("pets")).filter(({ pk }) => pk?.S?.startsWith("many-")).length, 25);
  });
});

describe("BatchWriteItem refuses", () => {
  const mismatch = "The provided key element does not match the schema";
  const ok = put({ pk: { S: "ok" } });

  const refusals: readonly (readonly [string, BatchWriteItemCommandInput["RequestItems"], string])[] = [
    ["no table", {}, "The requestItems parameter is required for BatchWriteItem"],
    [
      "no request",
      { refused: [] },
      "1 validation error detected: Value '{refused=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
    ],
    [
      "26 requests in all",
      {
        refused: Array.from({ length: 25 }, (_, index) => put({ pk: { S: `k${index}` } })),
        songs: [put({ pk: { S: "a" }, sk: { N: "1" } })],
      },
      "Too many items requested for the BatchWriteItem call",
    ],
    ["a put without its key", { refused: [ok, put({ id: { S: "a" } })] }, mismatch],
    ["a put with a key of another type", { refused: [ok, put({ pk: { N: "1" } })] }, mismatch],
    ["a put with a key that is a list", { refused: [ok, put({ pk: { L: [] } })] }, mismatch],
    ["a delete without its key", { refused: [ok, remove({})] }, mismatch],
    [
      "a delete with more than its key",
      { refused: [ok, remove({ pk: { S: "a" }, n: { N: "1" } })] },
      mismatch,
    ],
    [
      "an empty key",
      { refused: [ok, put({ pk: { S: "" } })] },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
    ],
    [
      "two requests for one item",
      { refused: [ok, remove({ pk: { S: "ok" } })] },
      "Provided list of item keys contains duplicates",
    ],
    [
      "two requests for one item, of a table named in two ways",
      { refused: [ok], "arn:aws:dynamodb:us-east-1:000000000000:table/refused": [ok] },
      "Provided list of item keys contains duplicates",
    ],
    [
      "a bad number, in the older words",
      { refused: [ok, put({ pk: { S: "a" }, n: { N: "" } })] },
      "The parameter cannot be converted to a numeric value",
    ],
    [
      "a repeated string in a set, in the older words",
      { refused: [ok, put({ pk: { S: "a" }, s: { SS: ["b", "a", "b"] } })] },
      "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.",
    ],
    [
      "repeated bytes in a set, in the older words",
      {
        refused: [
          ok,
          put({ pk: { S: "a" }, s: { BS: [Uint8Array.of(255), Uint8Array.of(0), Uint8Array.of(0)] } }),
        ],
      },
      "One or more parameter values were invalid: Input collection [/w==, AA==, AA==]of type BS contains duplicates.",
    ],
    [
      "a repeated number in a set, in the older words",
      { refused: [ok, put({ pk: { S: "a" }, s: { NS: ["2", "1", "2"] } })] },
      "Input collection contains duplicates",
    ],
    [
      "an item that is too large",
      { refused: [ok, put({ pk: { S: "a" }, a: { S: "x".repeat(409_600) } })] },
      "Item size has exceeded the maximum allowed size",
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(`${title}, and writes nothing`, async () => {
      assert.deepEqual(await refusalOf(batchWrite(input)), validation(message));
      assert.deepEqual(await itemsOf("refused"), []);
    });
  }

  test("an element that is no request, or two", async () => {
    const message =
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    for (const element of [{}, { ...ok, ...remove({ pk: { S: "a" } }) }]) {
      assert.deepEqual(
        await rawRefusal(server.endpoint, "BatchWriteItem", { RequestItems: { refused: [element] } }),
        validation(message),
      );
    }
  });

  test("26 requests for one table, printing them all", async () => {
    const requests = Array.from({ length: 26 }, (_, index) => put({ pk: { S: `bw-${index}` } }));
    const { name, message } = await refusalOf(batchWrite({ refused: requests }));
    assert.equal(name, "ValidationException");
    assert.ok(
      message.startsWith(
        "1 validation error detected: Value '{refused=[WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=bw-0, n=null, b=null, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l=null, nULL=null, bOOL=null)}, workloadProfileName=null), deleteRequest=null), ",
      ),
      message,
    );
    assert.ok(
      message.endsWith(
        "]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
      ),
      message,
    );
  });

  test("bad enums together, and a bad one before a bad table name", async () => {
    const capacity =
      "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]";
    assert.deepEqual(
      await rawRefusal(server.endpoint, "BatchWriteItem", {
        RequestItems: { nowhere: [ok, ok] },
        ReturnConsumedCapacity: "BOGUS",
        ReturnItemCollectionMetrics: "BOGUS",
      }),
      validation(
        `2 validation errors detected: ${capacity}; Value 'BOGUS' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]`,
      ),
    );
    assert.deepEqual(
      await rawRefusal(server.endpoint, "BatchWriteItem", {
        RequestItems: { "bad!name": [ok] },
        ReturnConsumedCapacity: "BOGUS",
      }),
      validation(`1 validation error detected: ${capacity}`),
    );
  });

  test("a table that is not there, and writes nothing to the others", async () => {
    assert.deepEqual(await refusalOf(batchWrite({ refused: [ok], nowhere: [ok] })), {
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    assert.deepEqual(await itemsOf("refused"), []);
  });
});
