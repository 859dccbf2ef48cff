import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Client, Output } from "./client.ts";
import {
  requestOf,
  type BatchGet,
  type BatchWrite,
  type Command,
  type Query,
  type Scan,
  type Shape,
  type TransactGet,
  type TransactWrite,
} from "./commands.ts";
import { Oracle, type WriteAnswer } from "./oracle.ts";
import { canonicalItem, memberOf, order, selected, type Item } from "./values.ts";

/** Runs `commands` on a new table of the server and on the oracle, and fails where they first differ. */
export async function assertAgreement(
  client: Client,
  { table, shape, commands }: { table: string; shape: Shape; commands: readonly Command[] },
): Promise<void> {
  const oracle = new Oracle(shape);
  await createTable(client, table, shape);
  const everything: Scan = { kind: "scan", segments: 1 };
  for (const [index, command] of [...commands, everything].entries()) {
    try {
      await agreeOn(command, { client, oracle, table });
    } catch (error) {
      const request = JSON.stringify(requestOf(command, table, shape));
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`command ${index} differs: ${request}\n${reason}`, { cause: error });
    }
  }
  await succeed(client, "DeleteTable", { TableName: table });
}

/** Makes a table of `shape` and waits until it is there. */
export async function createTable(client: Client, table: string, shape: Shape): Promise<void> {
  const keys = [shape.partition, ...(shape.sort === undefined ? [] : [shape.sort])];
  await succeed(client, "CreateTable", {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keys.map(({ name }, index) => ({
      AttributeName: name,
      KeyType: index === 0 ? "HASH" : "RANGE",
    })),
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
  });
  for (;;) {
    const { Table } = await succeed(client, "DescribeTable", { TableName: table });
    if (Table?.TableStatus === "ACTIVE") return;
    await delay(5);
  }
}

interface Sides {
  readonly client: Client;
  readonly oracle: Oracle;
  readonly table: string;
}

async function agreeOn(command: Command, sides: Sides): Promise<void> {
  const { client, oracle, table } = sides;
  const { operation, members } = requestOf(command, table, oracle.shape);
  switch (command.kind) {
    case "put":
      agreeOnWrite(oracle.put(command), await client.call(operation, members));
      return;
    case "delete":
      agreeOnWrite(oracle.delete(command), await client.call(operation, members));
      return;
    case "update":
      agreeOnWrite(oracle.update(command), await client.call(operation, members));
      return;
    case "get": {
      const item = oracle.get(command.key);
      const expected =
        item === undefined || command.projection === undefined ? item : selected(item, command.projection);
      assert.equal(textOf((await succeed(client, operation, members)).Item), textOf(expected));
      return;
    }
    case "query":
      return agreeOnQuery(command, sides);
    case "scan":
      return agreeOnScan(command, sides);
    case "batch-write":
      return agreeOnBatchWrite(command, sides);
    case "batch-get":
      return agreeOnBatchGet(command, sides);
    case "transact-write":
      return agreeOnTransactWrite(command, sides);
    case "transact-get":
      return agreeOnTransactGet(command, sides);
  }
}

function agreeOnWrite(expected: WriteAnswer, { status, output }: { status: number; output: Output }): void {
  if ("attributes" in expected) {
    assert.equal(status, 200, JSON.stringify(output));
    assert.equal(textOf(output.Attributes), textOf(expected.attributes));
    return;
  }
  assert.equal(status, 400, JSON.stringify(output));
  assert.equal(output.__type?.replace(/^.*#/, ""), expected.refused, JSON.stringify(output));
  if (expected.refused === "ConditionalCheckFailedException") {
    assert.equal(textOf(output.Item), textOf(expected.item));
    assert.equal(output.message, "The conditional request failed");
  } else {
    assert.ok(
      expected.reasons.includes(output.message ?? ""),
      `${JSON.stringify(output)} is none of ${expected.reasons.join()}`,
    );
  }
}

async function agreeOnQuery(query: Query, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(query, table, oracle.shape);
  let after: Item | undefined;
  do {
    const start = after === undefined ? {} : { ExclusiveStartKey: after };
    const output = await succeed(client, operation, { ...members, ...start });
    const page = oracle.queryPage(query, after);
    assert.deepEqual(
      {
        items: output.Items?.map(textOf),
        count: output.Count,
        scanned: output.ScannedCount,
        lastKey: textOf(output.LastEvaluatedKey),
      },
      {
        items: query.countOnly ? undefined : page.items.map(textOf),
        count: page.items.length,
        scanned: page.scannedCount,
        lastKey: textOf(page.lastKey),
      },
    );
    after = output.LastEvaluatedKey;
  } while (after !== undefined);
}

async function agreeOnScan(scan: Scan, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(scan, table, oracle.shape);
  const items: Item[] = [];
  let scanned = 0;
  for (let Segment = 0; Segment < scan.segments; Segment++) {
    const segment = scan.segments === 1 ? {} : { Segment, TotalSegments: scan.segments };
    let after: Item | undefined;
    do {
      const start = after === undefined ? {} : { ExclusiveStartKey: after };
      const output = await succeed(client, operation, { ...members, ...segment, ...start });
      const { Items = [], Count, ScannedCount = 0, LastEvaluatedKey } = output;
      assert.equal(Count, Items.length);
      assert.ok(ScannedCount <= (scan.limit ?? Infinity), "more was read than the limit allows");
      assert.equal(LastEvaluatedKey !== undefined, ScannedCount === scan.limit, "the page ends at its limit");
      items.push(...Items);
      scanned += ScannedCount;
      after = LastEvaluatedKey;
    } while (after !== undefined);
  }
  assert.equal(scanned, oracle.all().length);
  const expected = oracle.answered(oracle.all(), scan).map(textOf).toSorted();
  assert.deepEqual(items.map(textOf).toSorted(), expected);
  if (scan.projection === undefined) assertCollectionsInOrder(items, oracle);
}

/** A scan may visit partitions in any order, but each one whole and in the order of its sort keys. */
function assertCollectionsInOrder(items: readonly Item[], { shape }: Oracle): void {
  const seen = new Set<string>();
  let previous: Item | undefined;
  for (const item of items) {
    const partition = partitionOf(item, shape);
    if (previous !== undefined && partitionOf(previous, shape) === partition) {
      assert.ok(sortOrder(previous, item, shape) < 0, "sort keys of a partition are in order");
    } else {
      assert.ok(!seen.has(partition), "the items of a partition lie together");
      seen.add(partition);
    }
    previous = item;
  }
}

function partitionOf(item: Item, { partition }: Shape): string {
  const value = memberOf(item, partition.name);
  return value === undefined ? "" : canonicalItem({ value });
}

function sortOrder(left: Item, right: Item, { sort }: Shape): number {
  if (sort === undefined) return 0;
  const [leftKey, rightKey] = [memberOf(left, sort.name), memberOf(right, sort.name)];
  return leftKey === undefined || rightKey === undefined ? 0 : (order(leftKey, rightKey) ?? 0);
}

async function agreeOnBatchWrite(command: BatchWrite, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(command, table, oracle.shape);
  const output = await succeed(client, operation, members);
  assert.deepEqual(output.UnprocessedItems, {});
  for (const write of command.writes) {
    if ("put" in write) oracle.store(write.put);
    else oracle.remove(write.delete);
  }
}

async function agreeOnBatchGet(command: BatchGet, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(command, table, oracle.shape);
  const output = await succeed(client, operation, members);
  const found = command.keys.map((key) => oracle.get(key)).filter((item) => item !== undefined);
  const expected = oracle.answered(found, { projection: command.projection });
  assert.deepEqual(output.UnprocessedKeys, {});
  assert.deepEqual(output.Responses?.[table]?.map(textOf).toSorted(), expected.map(textOf).toSorted());
}

async function agreeOnTransactWrite(command: TransactWrite, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(command, table, oracle.shape);
  const request = command.repeats ? { ...members, ClientRequestToken: randomUUID() } : members;
  const { status, output } = await client.call(operation, request);
  const expected = oracle.transactWrite(command);
  if (expected.every((answer) => "attributes" in answer)) {
    assert.equal(status, 200, JSON.stringify(output));
    if (command.repeats) await succeed(client, operation, request);
    return;
  }
  assert.equal(output.__type?.replace(/^.*#/, ""), "TransactionCanceledException", JSON.stringify(output));
  const { CancellationReasons: reasons = [] } = output;
  assert.equal(reasons.length, expected.length);
  for (const [index, answer] of expected.entries()) agreeOnReason(answer, reasons[index]);
}

type Reason = NonNullable<Output["CancellationReasons"]>[number];

function agreeOnReason(expected: WriteAnswer, reason: Reason | undefined): void {
  if ("attributes" in expected) assert.deepEqual(reason, { Code: "None" });
  else if (expected.refused === "ConditionalCheckFailedException") {
    assert.equal(reason?.Code, "ConditionalCheckFailed");
    assert.equal(reason.Message, "The conditional request failed");
    assert.equal(textOf(reason.Item), textOf(expected.item));
  } else {
    assert.equal(reason?.Code, "ValidationError");
    assert.ok(expected.reasons.includes(reason.Message ?? ""), JSON.stringify([reason, expected.reasons]));
  }
}

async function agreeOnTransactGet(command: TransactGet, { client, oracle, table }: Sides): Promise<void> {
  const { operation, members } = requestOf(command, table, oracle.shape);
  const { Responses } = await succeed(client, operation, members);
  const expected = command.gets.map(({ key, projection }) => {
    const item = oracle.get(key);
    const part = item === undefined || projection === undefined ? item : selected(item, projection);
    return textOf(part === undefined || Object.keys(part).length === 0 ? undefined : part);
  });
  // The type speaks of batches, whose answers go by table.
  const responses = Responses as unknown as readonly { readonly Item?: Item }[];
  assert.deepEqual(
    responses.map(({ Item: item }) => textOf(item)),
    expected,
  );
}

/** Calls and insists on success. */
export async function succeed(client: Client, operation: string, members: object): Promise<Output> {
  const { status, output } = await client.call(operation, members);
  assert.equal(status, 200, `${operation}: ${JSON.stringify(output)}`);
  return output;
}

function textOf(item: Item | undefined): string {
  return item === undefined ? "absent" : canonicalItem(item);
}
