import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  DeleteItemCommand,
  paginateQuery,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { createIndexedTable, putItems, type Item } from "./indexed-tables.ts";
import { startTestServer, type TestServer } from "./server.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await createIndexedTable(server.client, "events", {
    hash: ["pk S"],
    range: ["sk N"],
    local: { local: { hash: ["pk S"], range: ["text S"], projection: "KEYS_ONLY" } },
    global: {
      text: { hash: ["kind S"], range: ["text S"] },
      number: { hash: ["kind S"], range: ["number N"], projection: "KEYS_ONLY" },
      bytes: { hash: ["kind S"], range: ["bytes B"], projection: ["number"] },
      hash: { hash: ["kind S"] },
    },
  });
  await createIndexedTable(server.client, "moving", {
    hash: ["pk S"],
    global: { ByState: { hash: ["state S"], range: ["rank N"] } },
  });
  await createIndexedTable(server.client, "large", {
    hash: ["pk S"],
    range: ["sk N"],
    local: { local: { hash: ["pk S"], range: ["at N"], projection: "KEYS_ONLY" } },
    global: {
      whole: { hash: ["pk S"], range: ["at N"] },
      keys: { hash: ["pk S"], range: ["at N"], projection: "KEYS_ONLY" },
    },
  });
  await putItems(server.client, "events", events);
});
after(() => server.close());

/** Few values, so that many items share each of them: in ascending order, by the rules of their types. */
const texts = ["", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "é", "\uFFFD", "😀"];
const numbers = ["-1e100", "-10", "-2.5", "-2.4999", "0", "0.001", "1", "1e2"];
const canonicalNumbers = [`-1${"0".repeat(100)}`, "-10", "-2.5", "-2.4999", "0", "0.001", "1", "100"];
const binaries = ["00", "0000", "0001", "01", "0100", "7f", "80", "ff", "ff00"];

/** Three collections of the table; the items of one kind come from all of them. */
const events: readonly Item[] = Array.from({ length: 90 }, (_, index) => {
  const text = texts[(index * 7) % texts.length] ?? "";
  const item: Item = {
    pk: { S: `p${index % 3}` },
    sk: { N: String(index) },
    kind: { S: index % 10 === 9 ? "other" : "this" },
    number: { N: numbers[(index * 5) % numbers.length] ?? "" },
    bytes: { B: Buffer.from(binaries[(index * 4) % binaries.length] ?? "", "hex") },
  };
  // An empty string cannot be a key: such items are not in the indexes on it.
  return text === "" ? item : { ...item, text: { S: text } };
});

function isOf(kind: string) {
  return (item: Item) => item["kind"]?.S === kind;
}

const ofThis = { KeyConditionExpression: "kind = :k", ExpressionAttributeValues: { ":k": { S: "this" } } };

interface IndexCase {
  readonly index: string;
  readonly input: Partial<QueryCommandInput>;
  readonly members: readonly Item[];
  /** The place of an item in the order of the index; equal for equal keys. */
  readonly place: (item: Item) => number;
  readonly lastKeyNames: readonly string[];
}

const cases: readonly IndexCase[] = [
  {
    index: "local",
    input: { KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "p1" } } },
    members: events.filter(({ pk, text }) => pk?.S === "p1" && text !== undefined),
    place: ({ text }) => texts.indexOf(text?.S ?? ""),
    lastKeyNames: ["pk", "sk", "text"],
  },
  {
    index: "text",
    input: ofThis,
    members: events.filter((item) => isOf("this")(item) && item["text"] !== undefined),
    place: ({ text }) => texts.indexOf(text?.S ?? ""),
    lastKeyNames: ["kind", "pk", "sk", "text"],
  },
  {
    index: "number",
    input: ofThis,
    members: events.filter(isOf("this")),
    place: ({ number }) => canonicalNumbers.indexOf(number?.N ?? ""),
    lastKeyNames: ["kind", "number", "pk", "sk"],
  },
  {
    index: "bytes",
    input: ofThis,
    members: events.filter(isOf("this")),
    place: ({ bytes }) => binaries.indexOf(Buffer.from(bytes?.B ?? []).toString("hex")),
    lastKeyNames: ["bytes", "kind", "pk", "sk"],
  },
  {
    index: "hash",
    input: ofThis,
    members: events.filter(isOf("this")),
    place: () => 0,
    lastKeyNames: ["kind", "pk", "sk"],
  },
];

async function pagesOf(
  input: Partial<QueryCommandInput>,
  onPage: (lastKey: Item | undefined) => void = () => undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const request = { TableName: "events", ...input };
  for await (const { Items, Count, LastEvaluatedKey } of paginateQuery({ client: server.client }, request)) {
    assert.ok((Count ?? 0) <= (input.Limit ?? Infinity));
    items.push(...(Items ?? []));
    onPage(LastEvaluatedKey);
  }
  return items;
}

function keysOf(items: readonly Item[]): readonly (string | undefined)[] {
  return items.map(({ sk }) => sk?.N);
}

describe("a collection of an index in pages", () => {
  for (const { index, input, members, place, lastKeyNames } of cases) {
    test(`${index}: is whole and in order, and backwards the reverse`, async () => {
      const forward = await pagesOf({ IndexName: index, ...input });
      assert.deepEqual(keysOf(forward).toSorted(), keysOf(members).toSorted());
      const places = forward.map(place);
      assert.deepEqual(
        places,
        places.toSorted((left, right) => left - right),
      );
      assert.ok(places.every((at) => at >= 0));
      const backward = await pagesOf({ IndexName: index, ...input, ScanIndexForward: false });
      assert.deepEqual(backward, forward.toReversed());
    });

    for (const ScanIndexForward of [true, false]) {
      for (const Limit of [1, 4, members.length]) {
        test(`${index}: pages of ${Limit} join to it, ${ScanIndexForward ? "forward" : "backward"}`, async () => {
          const whole = await pagesOf({ IndexName: index, ...input, ScanIndexForward });
          const paged = await pagesOf({ IndexName: index, ...input, ScanIndexForward, Limit }, (lastKey) => {
            if (lastKey !== undefined) assert.deepEqual(Object.keys(lastKey).toSorted(), lastKeyNames);
          });
          assert.deepEqual(paged, whole);
        });
      }
    }
  }

  test("pages of a range among equal keys join to it", async () => {
    const input: Partial<QueryCommandInput> = {
      IndexName: "number",
      KeyConditionExpression: "kind = :k AND #n BETWEEN :l AND :h",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ":k": { S: "this" }, ":l": { N: "-2.5" }, ":h": { N: "0.001" } },
    };
    const whole = await pagesOf(input);
    const expected = events.filter(
      (item) => isOf("this")(item) && ["-2.5", "-2.4999", "0", "0.001"].includes(item["number"]?.N ?? ""),
    );
    assert.deepEqual(keysOf(whole).toSorted(), keysOf(expected).toSorted());
    assert.deepEqual(await pagesOf({ ...input, Limit: 2 }), whole);
    assert.deepEqual(await pagesOf({ ...input, Limit: 2, ScanIndexForward: false }), whole.toReversed());
  });

  test("a filter takes nothing from the pages' order and ends", async () => {
    const input = {
      IndexName: "bytes",
      ...ofThis,
      FilterExpression: "#n = :n",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ...ofThis.ExpressionAttributeValues, ":n": { N: "-2.50" } },
    };
    const whole = await pagesOf(input);
    assert.equal(
      whole.length,
      events.filter((item) => isOf("this")(item) && item["number"]?.N === "-2.5").length,
    );
    assert.deepEqual(await pagesOf({ ...input, Limit: 1 }), whole);
  });
});

describe("paging an index goes on", () => {
  const byState = {
    TableName: "moving",
    IndexName: "ByState",
    KeyConditionExpression: "#s = :s",
    ExpressionAttributeNames: { "#s": "state" },
    ExpressionAttributeValues: { ":s": { S: "open" } },
  };

  /** Ten items with two ranks, of which `pk`s are returned in the order of the index. */
  async function refill(): Promise<readonly string[]> {
    const items = Array.from({ length: 10 }, (_, index) => ({
      pk: { S: `job${index}` },
      state: { S: "open" },
      rank: { N: String(index % 2) },
    }));
    await putItems(server.client, "moving", items);
    const { Items } = await server.client.send(new QueryCommand(byState));
    return (Items ?? []).map(({ pk }) => pk?.S ?? "");
  }

  /** Reads pages of two and lets something happen to the last item of each before the next is read. */
  async function pagesWhile(
    ScanIndexForward: boolean,
    change: (pk: string) => Promise<unknown>,
  ): Promise<readonly string[]> {
    const seen: string[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await server.client.send(
        new QueryCommand({ ...byState, ScanIndexForward, Limit: 2, ExclusiveStartKey }),
      );
      seen.push(...(page.Items ?? []).map(({ pk }) => pk?.S ?? ""));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey !== undefined) await change(ExclusiveStartKey["pk"]?.S ?? "");
      assert.ok(seen.length <= 20);
    } while (ExclusiveStartKey !== undefined);
    return seen;
  }

  const { client } = { client: () => server.client };
  const remove = (pk: string) =>
    client().send(new DeleteItemCommand({ TableName: "moving", Key: { pk: { S: pk } } }));
  const leave = (pk: string) =>
    client().send(
      new UpdateItemCommand({
        TableName: "moving",
        Key: { pk: { S: pk } },
        UpdateExpression: "SET #s = :s",
        ExpressionAttributeNames: { "#s": "state" },
        ExpressionAttributeValues: { ":s": { S: "done" } },
      }),
    );
  const moveTo = (rank: string) => (pk: string) =>
    client().send(
      new PutItemCommand({
        TableName: "moving",
        Item: { pk: { S: pk }, state: { S: "open" }, rank: { N: rank } },
      }),
    );

  for (const forward of [true, false]) {
    const direction = forward ? "forward" : "backward";
    const inOrder = (names: readonly string[]) => (forward ? names : names.toReversed());

    test(`behind an item that is gone, ${direction}`, async () => {
      const names = await refill();
      assert.deepEqual(await pagesWhile(forward, remove), inOrder(names));
    });

    test(`behind an item that has left the collection, ${direction}`, async () => {
      const names = await refill();
      assert.deepEqual(await pagesWhile(forward, leave), inOrder(names));
    });

    test(`behind the place an item had before it moved back, ${direction}`, async () => {
      const names = await refill();
      assert.deepEqual(await pagesWhile(forward, moveTo(forward ? "-1" : "2")), inOrder(names));
    });
  }
});

describe("a page of an index holds 1 MB", () => {
  before(async () => {
    for (const N of ["1", "2", "3", "4", "5"]) {
      const Item = { pk: { S: "p" }, sk: { N }, at: { N }, a: { S: "x".repeat(300_000) } };
      await server.client.send(new PutItemCommand({ TableName: "large", Item }));
    }
  });

  const all = {
    TableName: "large",
    KeyConditionExpression: "pk = :p",
    ExpressionAttributeValues: { ":p": { S: "p" } },
    ReturnConsumedCapacity: "INDEXES",
  } as const;
  const read = (input: Partial<QueryCommandInput>) =>
    server.client.send(new QueryCommand({ ...all, ...input }));

  test("of entries that hold whole items", async () => {
    const page = await read({ IndexName: "whole", ProjectionExpression: "sk" });
    assert.equal(page.Count, 3);
    assert.deepEqual(page.LastEvaluatedKey, { pk: { S: "p" }, sk: { N: "3" }, at: { N: "3" } });
    // 2 + 1 bytes for pk, 2 + 2 each for sk and at, 1 + 300,000 for a.
    const CapacityUnits = Math.ceil((3 * 300_012) / 4096) / 2;
    assert.deepEqual(page.ConsumedCapacity?.GlobalSecondaryIndexes, { whole: { CapacityUnits } });
    const rest = await read({
      IndexName: "whole",
      ExclusiveStartKey: page.LastEvaluatedKey,
      Select: "COUNT",
    });
    assert.deepEqual([rest.Count, rest.LastEvaluatedKey], [2, undefined]);
  });

  test("of entries, however large their items are", async () => {
    const page = await read({ IndexName: "keys" });
    assert.deepEqual([page.Count, page.LastEvaluatedKey], [5, undefined]);
    assert.deepEqual(page.ConsumedCapacity, {
      TableName: "large",
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0 },
      GlobalSecondaryIndexes: { keys: { CapacityUnits: 0.5 } },
    });
  });

  test("of entries with the items that are fetched for them", async () => {
    const page = await read({ IndexName: "local", Select: "ALL_ATTRIBUTES" });
    assert.equal(page.Count, 3);
    assert.deepEqual(page.LastEvaluatedKey, { pk: { S: "p" }, sk: { N: "3" }, at: { N: "3" } });
    const units = (3 * Math.ceil(300_012 / 4096)) / 2;
    assert.deepEqual(page.ConsumedCapacity, {
      TableName: "large",
      CapacityUnits: units + 0.5,
      Table: { CapacityUnits: units },
      LocalSecondaryIndexes: { local: { CapacityUnits: 0.5 } },
    });
  });
});
