/** Writes to tables with indexes: what they refuse, and what they say that they cost. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type ConsumedCapacity,
  type CreateTableCommandInput,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { refusalOf, validation } from "./refusals.ts";
import { startTestServer, type TestServer } from "./server.ts";

type Item = Record<string, AttributeValue>;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  for (const table of [refusing, metered, plain]) await server.client.send(new CreateTableCommand(table));
});
after(() => server.close());

/** The attributes g (S), n (N) and b (B) are index keys; g is one of three indexes. */
const refusing: CreateTableCommandInput = {
  TableName: "refusing",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "g", AttributeType: "S" },
    { AttributeName: "n", AttributeType: "N" },
    { AttributeName: "b", AttributeType: "B" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "last",
      KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
      Projection: { ProjectionType: "ALL" },
    },
    {
      IndexName: "gsi",
      KeySchema: [
        { AttributeName: "g", KeyType: "HASH" },
        { AttributeName: "b", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "lsi",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "g", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
    {
      IndexName: "numbers",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "n", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};

/** One index of each projection: `all` by g1, `some` by g2 with p, `keys` by g3, and `local` by l with all. */
const metered: CreateTableCommandInput = {
  TableName: "metered",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["pk", "sk", "g1", "g2", "g3", "l"].map((name) => ({
    AttributeName: name,
    AttributeType: "S",
  })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "all",
      KeySchema: [{ AttributeName: "g1", KeyType: "HASH" }],
      Projection: { ProjectionType: "ALL" },
    },
    {
      IndexName: "some",
      KeySchema: [{ AttributeName: "g2", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["p"] },
    },
    {
      IndexName: "keys",
      KeySchema: [{ AttributeName: "g3", KeyType: "HASH" }],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: "local",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "l", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
};

const plain: CreateTableCommandInput = {
  TableName: "plain",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
};

const key = (sk: string): Item => ({ pk: { S: "a" }, sk: { S: sk } });

async function stored(TableName: string, Key: Item): Promise<Item | undefined> {
  const answer = await server.client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return answer.Item;
}

const invalidText = "One or more parameter values were invalid";
const unsupported = "One or more parameter values are not valid.";
const emptyGiven = (kind: string, index: string, name: string) =>
  `${unsupported} A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index}, IndexKey: ${name}`;
const emptyUpdated = (kind: string) =>
  `${unsupported} The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
const unsupportedType =
  "The update expression attempted to update the secondary index key to unsupported type";

describe("An item that is put is refused", () => {
  const refusals: readonly (readonly [string, Item, string])[] = [
    [
      "with an index key of another type, for the index whose name comes first",
      { g: { N: "5" } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "with an index key that is a list",
      { n: { L: [{ S: "x" }] } },
      `${invalidText}: Type mismatch for Index Key n Expected: N Actual: L IndexName: numbers`,
    ],
    [
      "with an index key that is null",
      { g: { NULL: true } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: NULL IndexName: gsi`,
    ],
    ["with an empty string as an index key", { g: { S: "" } }, emptyGiven("string", "gsi", "g")],
    ["with empty bytes as an index key", { b: { B: new Uint8Array() } }, emptyGiven("binary", "gsi", "b")],
    [
      "with a partition key of an index that is too long, counted in UTF-8",
      { g: { S: "é".repeat(1025) } },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 2050 bytes Max Size: 2048 bytes IndexName: gsi`,
    ],
    [
      "with a sort key of an index that is too long",
      { b: { B: new Uint8Array(1025) } },
      `${invalidText}: Size limit exceeded for Index Key b Actual Size: 1025 bytes Max Size: 1024 bytes IndexName: gsi`,
    ],
    [
      "with a value that only suits another index",
      { g: { S: "x".repeat(1025) } },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 1025 bytes Max Size: 1024 bytes IndexName: lsi`,
    ],
  ];
  for (const [title, attributes, message] of refusals) {
    test(`${title}: by PutItem and BatchWriteItem alike`, async () => {
      const Item = { ...key("refused"), ...attributes };
      const put = new PutItemCommand({ TableName: "refusing", Item });
      assert.deepEqual(await refusalOf(server.client.send(put)), validation(message));
      const batch = new BatchWriteItemCommand({
        RequestItems: {
          refusing: [{ PutRequest: { Item: key("sound") } }, { PutRequest: { Item } }],
        },
      });
      assert.deepEqual(await refusalOf(server.client.send(batch)), validation(message));
      assert.equal(await stored("refusing", key("refused")), undefined);
      assert.equal(await stored("refusing", key("sound")), undefined);
    });
  }

  test("before its condition is looked at, and behind its primary key", async () => {
    const put = (Item: Item) =>
      refusalOf(
        server.client.send(
          new PutItemCommand({
            TableName: "refusing",
            Item,
            ConditionExpression: "attribute_exists(pk)",
          }),
        ),
      );
    assert.deepEqual(
      await put({ ...key("absent"), g: { N: "5" } }),
      validation(`${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`),
    );
    assert.deepEqual(
      await put({ pk: { S: "a" }, g: { N: "5" } }),
      validation(`${invalidText}: Missing the key sk in the item`),
    );
  });

  test("but not for lacking index keys, nor for those of the greatest length", async () => {
    const longest = {
      ...key("longest"),
      g: { S: "x".repeat(1024) },
      b: { B: new Uint8Array(1024) },
      n: { N: "0" },
    };
    for (const Item of [key("none"), longest]) {
      await server.client.send(new PutItemCommand({ TableName: "refusing", Item }));
    }
    assert.deepEqual(await stored("refusing", key("longest")), longest);
  });
});

describe("An update is refused", () => {
  const old: Item = {
    ...key("old"),
    empty: { S: "" },
    one: { N: "1" },
    g: { S: "x" },
    wide: { S: "x".repeat(1025) },
  };
  before(() => server.client.send(new PutItemCommand({ TableName: "refusing", Item: old })));

  function update(input: Partial<UpdateItemCommandInput>) {
    return server.client.send(new UpdateItemCommand({ TableName: "refusing", Key: key("old"), ...input }));
  }

  const given = (value: AttributeValue) => ({ ExpressionAttributeValues: { ":v": value } });
  const refusals: readonly (readonly [string, Partial<UpdateItemCommandInput>, string])[] = [
    [
      "that states a value of another type",
      { UpdateExpression: "SET g = :v", ...given({ N: "5" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a value of another type, by AttributeUpdates",
      { AttributeUpdates: { g: { Value: { N: "5" } } } },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that adds a number to an index key that is text",
      { UpdateExpression: "ADD g :v", ...given({ N: "1" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "whose arithmetic gives an index key that is text",
      { UpdateExpression: "SET c = g[1], g = one + :v", ...given({ N: "1" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a default of another type",
      { UpdateExpression: "SET g = if_not_exists(g, :v)", ...given({ BOOL: true }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: BOOL IndexName: gsi`,
    ],
    ["that copies a value of another type", { UpdateExpression: "SET g = one" }, unsupportedType],
    [
      "that states an empty string",
      { UpdateExpression: "SET g = :v", ...given({ S: "" }) },
      emptyUpdated("string"),
    ],
    [
      "that states empty bytes, by AttributeUpdates",
      { AttributeUpdates: { b: { Value: { B: new Uint8Array() } } } },
      emptyUpdated("binary"),
    ],
    [
      "that copies an empty string",
      { UpdateExpression: "SET g = #e", ExpressionAttributeNames: { "#e": "empty" } },
      emptyUpdated("string"),
    ],
    [
      "that states a value that is too long",
      { UpdateExpression: "SET g = :v", ...given({ S: "x".repeat(2049) }) },
      `${invalidText}: Size limit exceeded for Index Key g Actual Size: 2049 bytes Max Size: 2048 bytes IndexName: gsi`,
    ],
    [
      "that copies a value that is too long",
      { UpdateExpression: "SET g = wide" },
      "The update expression attempted to update the secondary index key beyond allowed size limits",
    ],
    [
      "of a place in an index key",
      { UpdateExpression: "SET g.a = :v", ...given({ S: "x" }) },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g",
    ],
    [
      "that reads a place in an index key",
      { UpdateExpression: "SET a = list_append(pk, sk), c = n[1]" },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: n",
    ],
    [
      "of the primary key before one of an index key",
      { UpdateExpression: "SET g = :v, sk = :v", ...given({ N: "5" }) },
      `${invalidText}: Cannot update attribute sk. This attribute is part of the key`,
    ],
    [
      "of another type before a path",
      { UpdateExpression: "SET n.a = :v, g = :v", ...given({ N: "5" }) },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
    [
      "that states a value of another type, before its condition is looked at",
      {
        UpdateExpression: "SET g = :v",
        ConditionExpression: "attribute_not_exists(pk)",
        ...given({ N: "5" }),
      },
      `${invalidText}: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi`,
    ],
  ];
  for (const [title, input, message] of refusals) {
    test(title, async () => {
      assert.deepEqual(await refusalOf(update(input)), validation(message));
      assert.deepEqual(await stored("refusing", key("old")), old);
    });
  }

  test("that copies a value of another type, behind its condition", async () => {
    const refused = update({
      UpdateExpression: "SET g = one",
      ConditionExpression: "attribute_not_exists(pk)",
    });
    assert.equal((await refusalOf(refused)).name, "ConditionalCheckFailedException");
  });

  test("but not one that takes an index key away, or gives it its type", async () => {
    const Key = key("changed");
    await server.client.send(new PutItemCommand({ TableName: "refusing", Item: { ...Key, g: { S: "x" } } }));
    await update({ Key, UpdateExpression: "REMOVE g ADD n :v", ...given({ N: "2" }) });
    assert.deepEqual(await stored("refusing", Key), { ...Key, n: { N: "2" } });
  });

  test("as is a read of a place in a key", async () => {
    for (const [path, name] of [
      ["pk.a", "Key: pk"],
      ["g[0]", "IndexKey: g"],
    ]) {
      const get = new GetItemCommand({ TableName: "refusing", Key: key("old"), ProjectionExpression: path });
      assert.deepEqual(
        await refusalOf(server.client.send(get)),
        validation(
          `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${name ?? ""}`,
        ),
      );
    }
  });
});

/** What each part of an answer says; parts that it leaves out are absent. */
interface Units {
  readonly total: number;
  readonly table: number;
  readonly all?: number;
  readonly some?: number;
  readonly keys?: number;
  readonly local?: number;
}

/** Fails where an answer has anything but these units. */
function assertUnits(
  capacity: ConsumedCapacity | undefined,
  { total, table, local, ...global }: Units,
): void {
  const globalUnits = Object.entries(global).map(
    ([name, units]) => [name, { CapacityUnits: units }] as const,
  );
  assert.deepEqual(capacity, {
    TableName: "metered",
    CapacityUnits: total,
    Table: { CapacityUnits: table },
    ...(local === undefined ? {} : { LocalSecondaryIndexes: { local: { CapacityUnits: local } } }),
    ...(globalUnits.length === 0 ? {} : { GlobalSecondaryIndexes: Object.fromEntries(globalUnits) }),
  });
}

describe("The capacity of a write", () => {
  const request = { TableName: "metered", ReturnConsumedCapacity: "INDEXES" } as const;

  async function put(item: Item) {
    return (await server.client.send(new PutItemCommand({ ...request, Item: item }))).ConsumedCapacity;
  }

  async function update(
    sk: string,
    UpdateExpression: string,
    ExpressionAttributeValues?: Record<string, AttributeValue>,
  ) {
    const command = new UpdateItemCommand({
      ...request,
      Key: key(sk),
      UpdateExpression,
      ExpressionAttributeValues,
    });
    return (await server.client.send(command)).ConsumedCapacity;
  }

  async function remove(sk: string) {
    const command = new DeleteItemCommand({ ...request, Key: key(sk) });
    return (await server.client.send(command)).ConsumedCapacity;
  }

  const everywhere = (sk: string): Item => ({
    ...key(sk),
    ...Object.fromEntries(["g1", "g2", "g3", "l", "p", "q"].map((name) => [name, { S: name }])),
    set: { SS: ["a", "b", "c"] },
  });
  const large = { S: "x".repeat(2500) };

  test("counts every index that the item enters, and none that it does not", async () => {
    assertUnits(await put(everywhere("1")), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
    assertUnits(await put({ ...key("2"), p: { S: "p" } }), { total: 1, table: 1 });
    assertUnits(await put({ ...key("3"), g2: { S: "x" } }), { total: 2, table: 1, some: 1 });
    assertUnits(await put({ ...key("4"), l: { S: "x" } }), { total: 2, table: 1, local: 1 });
  });

  test("tells the total alone when it is asked for that", async () => {
    const command = new PutItemCommand({
      ...request,
      ReturnConsumedCapacity: "TOTAL",
      Item: everywhere("total"),
    });
    assert.deepEqual((await server.client.send(command)).ConsumedCapacity, {
      TableName: "metered",
      CapacityUnits: 5,
    });
  });

  test("counts entries by their own sizes", async () => {
    const item = { ...everywhere("sizes"), q: large };
    assertUnits(await put(item), { total: 11, table: 3, all: 3, some: 1, keys: 1, local: 3 });
    const shorter = await update("sizes", "SET q = :v", { ":v": { S: "x" } });
    assertUnits(shorter, { total: 9, table: 3, all: 3, local: 3 });
    assertUnits(await remove("sizes"), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
  });

  test("is that of the table alone for an item that stays the same, also with its sets in another order", async () => {
    await put(everywhere("same"));
    assertUnits(await put(everywhere("same")), { total: 1, table: 1 });
    const reordered = { ...everywhere("same"), set: { SS: ["c", "a", "b"] } };
    assertUnits(await put(reordered), { total: 1, table: 1 });
    assertUnits(await update("same", "SET p = p"), { total: 1, table: 1 });
  });

  test("counts the indexes that show what changed", async () => {
    await put(everywhere("changed"));
    const unprojected = await update("changed", "SET q = :v", { ":v": { S: "new" } });
    assertUnits(unprojected, { total: 3, table: 1, all: 1, local: 1 });
    const projected = await update("changed", "SET p = :v", { ":v": { S: "new" } });
    assertUnits(projected, { total: 4, table: 1, all: 1, some: 1, local: 1 });
    const gone = await update("changed", "REMOVE p");
    assertUnits(gone, { total: 4, table: 1, all: 1, some: 1, local: 1 });
  });

  test("counts an entry that moves twice", async () => {
    await put({ ...everywhere("moved"), q: large });
    assertUnits(await update("moved", "SET g1 = :v", { ":v": { S: "new" } }), {
      total: 12,
      table: 3,
      all: 6,
      local: 3,
    });
    assertUnits(await update("moved", "SET g2 = :v", { ":v": { S: "new" } }), {
      total: 11,
      table: 3,
      all: 3,
      some: 2,
      local: 3,
    });
    assertUnits(await update("moved", "SET l = :v", { ":v": { S: "new" } }), {
      total: 12,
      table: 3,
      all: 3,
      local: 6,
    });
  });

  test("counts an entry that comes or goes once", async () => {
    await put(everywhere("gone"));
    assertUnits(await update("gone", "REMOVE g3"), { total: 4, table: 1, all: 1, keys: 1, local: 1 });
    assertUnits(await update("gone", "SET g3 = :v", { ":v": { S: "x" } }), {
      total: 4,
      table: 1,
      all: 1,
      keys: 1,
      local: 1,
    });
    assertUnits(await remove("gone"), { total: 5, table: 1, all: 1, some: 1, keys: 1, local: 1 });
    assertUnits(await remove("gone"), { total: 1, table: 1 });
  });

  test("of a batch is the sum of its writes, by table", async () => {
    const command = new BatchWriteItemCommand({
      RequestItems: {
        metered: [
          { PutRequest: { Item: everywhere("b1") } },
          { PutRequest: { Item: { ...key("b2"), g2: { S: "x" } } } },
          { DeleteRequest: { Key: key("nothing") } },
        ],
        plain: [{ PutRequest: { Item: { pk: { S: "a" } } } }],
      },
      ReturnConsumedCapacity: "INDEXES",
    });
    const { ConsumedCapacity, UnprocessedItems } = await server.client.send(command);
    assert.deepEqual(UnprocessedItems, {});
    assertUnits(ConsumedCapacity?.[0], { total: 8, table: 3, all: 1, some: 2, keys: 1, local: 1 });
    assert.deepEqual(ConsumedCapacity?.slice(1), [
      { TableName: "plain", CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    ]);
  });
});

describe("The size of an item collection", () => {
  const wanted = { ReturnItemCollectionMetrics: "SIZE" } as const;
  const expected = { ItemCollectionKey: { pk: { S: "a" } }, SizeEstimateRangeGB: [0, 1] };

  test("is told by writes to a table with local indexes, when it is asked for", async () => {
    const TableName = "metered";
    const put = await server.client.send(new PutItemCommand({ TableName, Item: key("m"), ...wanted }));
    assert.deepEqual(put.ItemCollectionMetrics, expected);
    const update = await server.client.send(new UpdateItemCommand({ TableName, Key: key("m"), ...wanted }));
    assert.deepEqual(update.ItemCollectionMetrics, expected);
    const remove = await server.client.send(new DeleteItemCommand({ TableName, Key: key("m"), ...wanted }));
    assert.deepEqual(remove.ItemCollectionMetrics, expected);
    const unasked = await server.client.send(new PutItemCommand({ TableName, Item: key("m") }));
    assert.equal(unasked.ItemCollectionMetrics, undefined);
  });

  test("is not told of a table without", async () => {
    const put = new PutItemCommand({ TableName: "plain", Item: { pk: { S: "a" } }, ...wanted });
    assert.equal((await server.client.send(put)).ItemCollectionMetrics, undefined);
  });

  test("is told by a batch, table by table, once a collection", async () => {
    const item = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });
    const command = new BatchWriteItemCommand({
      RequestItems: {
        metered: [
          { PutRequest: { Item: item("m1", "1") } },
          { PutRequest: { Item: item("m1", "2") } },
          { DeleteRequest: { Key: item("m2", "1") } },
        ],
        plain: [{ PutRequest: { Item: { pk: { S: "a" } } } }],
      },
      ...wanted,
    });
    assert.deepEqual((await server.client.send(command)).ItemCollectionMetrics, {
      metered: [
        { ItemCollectionKey: { pk: { S: "m1" } }, SizeEstimateRangeGB: [0, 1] },
        { ItemCollectionKey: { pk: { S: "m2" } }, SizeEstimateRangeGB: [0, 1] },
      ],
    });
  });
});

describe("An item with entries in local indexes", () => {
  /** An item of this size by the service's rules, with an entry in `local` or without. */
  const sized = (bytes: number, extra: Item = {}): Item => {
    const extraBytes = "l" in extra ? 2 : 0;
    return { ...key("z"), ...extra, q: { S: "x".repeat(bytes - "pkaskzq".length - extraBytes) } };
  };
  const indexed = { l: { S: "x" } };

  function put(item: Item) {
    return server.client.send(new PutItemCommand({ TableName: "metered", Item: item }));
  }

  test("must fit the limit together with them", async () => {
    await put(sized(204_800, indexed));
    await put(sized(409_600));
    const message = "Item size has exceeded the maximum allowed size";
    assert.deepEqual(await refusalOf(put(sized(204_801, indexed))), validation(message));
    const batch = new BatchWriteItemCommand({
      RequestItems: { metered: [{ PutRequest: { Item: sized(204_801, indexed) } }] },
    });
    assert.deepEqual(await refusalOf(server.client.send(batch)), validation(message));
  });

  test("may not grow into them by an update, but has room beside entries that hold keys alone", async () => {
    const grown = (TableName: string, name: string) =>
      server.client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("grown"),
          UpdateExpression: "SET #l = :v, q = :q",
          ExpressionAttributeNames: { "#l": name },
          ExpressionAttributeValues: {
            ":v": { S: "x" },
            ":q": { S: "x".repeat(204_800) },
          },
        }),
      );
    assert.deepEqual(
      await refusalOf(grown("metered", "l")),
      validation("Item size to update has exceeded the maximum allowed size"),
    );
    await grown("refusing", "g");
  });
});
