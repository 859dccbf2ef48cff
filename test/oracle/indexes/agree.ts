import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { succeed } from "../agree.ts";
import type { Client } from "../client.ts";
import { Placeholders } from "../placeholders.ts";
import { canonicalItem, memberOf, type Item } from "../values.ts";
import type { IndexCommand, IndexQuery, IndexScan, IndexSession, ItemWrite } from "./commands.ts";
import { IndexedTable, orderBy } from "./indexed-table.ts";
import { planQuery } from "./query-plan.ts";
import { wrongStatistics } from "./recompute.ts";
import { attributeDefinitions, indexMembers, type IndexedShape, type IndexShape } from "./shapes.ts";

const batchItemsMax = 25;

interface Sides {
  readonly client: Client;
  readonly table: string;
  readonly model: IndexedTable;
}

/** Runs `commands` on a new table of the server and on the model, and fails where they first differ. */
export async function assertIndexAgreement(
  client: Client,
  { table, shape, commands }: IndexSession & { table: string },
): Promise<void> {
  const sides: Sides = { client, table, model: new IndexedTable(shape) };
  await createTable(sides);
  for (const [number, command] of commands.entries()) {
    try {
      await agreeOn(command, sides);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = JSON.stringify(command).slice(0, 5000);
      throw new Error(`command ${number} differs: ${text}\n${reason.slice(0, 5000)}`, { cause: error });
    }
  }
  for (const source of Array.from(sourcesOf(sides.model.shape).keys())) {
    const scan = {
      kind: "scan",
      source,
      segments: 1,
      filter: undefined,
      everything: false,
      disturbed: false,
    } as const;
    await agreeOn({ ...scan, limit: undefined }, sides);
  }
  const { Table } = await succeed(client, "DescribeTable", { TableName: table });
  assert.deepEqual(wrongStatistics(Table, sides.model), []);
  await succeed(client, "DeleteTable", { TableName: table });
}

async function createTable({ client, table, model: { shape } }: Sides): Promise<void> {
  const { partition, sort, indexes } = shape;
  const parts = [partition, ...(sort === undefined ? [] : [sort])];
  const of = (kind: IndexShape["kind"]) => indexes.filter((index) => index.kind === kind).map(indexMembers);
  const [locals, globals] = [of("local"), of("global")];
  await succeed(client, "CreateTable", {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: parts.map(({ name }, place) => ({
      AttributeName: name,
      KeyType: place === 0 ? "HASH" : "RANGE",
    })),
    AttributeDefinitions: attributeDefinitions([
      ...parts,
      ...indexes.flatMap((index) => [...index.partition, ...index.sort]),
    ]),
    ...(locals.length === 0 ? {} : { LocalSecondaryIndexes: locals }),
    ...(globals.length === 0 ? {} : { GlobalSecondaryIndexes: globals }),
  });
  await untilSettled({ client, table });
}

/** Waits until nothing of the table is being made or changed. */
async function untilSettled({ client, table }: Pick<Sides, "client" | "table">): Promise<void> {
  for (;;) {
    const { Table } = await succeed(client, "DescribeTable", { TableName: table });
    const statuses = [
      Table?.TableStatus,
      ...(Table?.GlobalSecondaryIndexes ?? []).map((index) => index.IndexStatus),
    ];
    if (statuses.every((status) => status === "ACTIVE")) return;
    await delay(2);
  }
}

async function agreeOn(command: IndexCommand, sides: Sides): Promise<void> {
  switch (command.kind) {
    case "write":
      return plainWrite(command.write, sides);
    case "batch":
      return batchWrite(command.writes, sides);
    case "transaction":
      return transactWrite(command, sides);
    case "add-index":
      return addIndex(command.index, sides);
    case "drop-index":
      return dropIndex(command.choice, sides);
    case "query":
      return agreeOnQuery(command, sides);
    case "scan":
      return agreeOnScan(command, sides);
  }
}

async function plainWrite(write: ItemWrite, { client, table, model }: Sides): Promise<void> {
  const operation = { put: "PutItem", delete: "DeleteItem", update: "UpdateItem" }[write.kind];
  await succeed(client, operation, writeMembers(write, table));
  model.apply(write);
}

function writeMembers(write: ItemWrite, TableName: string): object {
  if (write.kind === "put") return { TableName, Item: write.item };
  if (write.kind === "delete") return { TableName, Key: write.key };
  const to = new Placeholders();
  const sets = Object.entries(write.set).map(([name, value]) => `${to.path([name])} = ${to.value(value)}`);
  const removes = write.remove.map((name) => to.path([name]));
  const clauses = [
    sets.length === 0 ? "" : `SET ${sets.join(", ")}`,
    removes.length === 0 ? "" : `REMOVE ${removes.join(", ")}`,
  ];
  return { TableName, Key: write.key, UpdateExpression: clauses.join(" "), ...to.members };
}

/** Batches know no updates: they are left out. */
async function batchWrite(writes: readonly ItemWrite[], { client, table, model }: Sides): Promise<void> {
  const fitting = writes.filter((write) => write.kind !== "update");
  for (let from = 0; from < fitting.length; from += batchItemsMax) {
    const requests = fitting
      .slice(from, from + batchItemsMax)
      .map((write) =>
        write.kind === "put" ? { PutRequest: { Item: write.item } } : { DeleteRequest: { Key: write.key } },
      );
    const output = await succeed(client, "BatchWriteItem", { RequestItems: { [table]: requests } });
    assert.deepEqual(output.UnprocessedItems, {});
  }
  for (const write of fitting) model.apply(write);
}

async function transactWrite(
  { writes, fails }: { writes: readonly ItemWrite[]; fails: boolean },
  { client, table, model }: Sides,
): Promise<void> {
  const actions: object[] = writes.map((write) => ({
    [{ put: "Put", delete: "Delete", update: "Update" }[write.kind]]: writeMembers(write, table),
  }));
  if (fails) actions.push(impossibleCheck(table, model.shape));
  const { status, output } = await client.call("TransactWriteItems", { TransactItems: actions });
  if (fails) {
    assert.match(output.__type ?? "", /#TransactionCanceledException$/, JSON.stringify(output));
    return;
  }
  assert.equal(status, 200, JSON.stringify(output));
  for (const write of writes) model.apply(write);
}

/** A check of an item that is never there. */
function impossibleCheck(TableName: string, { partition, sort }: IndexedShape): object {
  const never = { S: { S: "never" }, N: { N: "777" }, B: { B: "Bwc=" } };
  const Key = Object.fromEntries(
    [partition, ...(sort === undefined ? [] : [sort])].map(({ name, type }) => [name, never[type]]),
  );
  return { ConditionCheck: { TableName, Key, ConditionExpression: "attribute_exists(pk1)" } };
}

async function addIndex(drawn: IndexShape, { client, table, model }: Sides): Promise<void> {
  const { shape } = model;
  if (shape.indexes.length > 6) return;
  const names = shape.indexes.map(({ name }) => name);
  const index = { ...drawn, name: `later-${names.length}${names.join("").length}` };
  if (names.includes(index.name)) return;
  await succeed(client, "UpdateTable", {
    TableName: table,
    AttributeDefinitions: attributeDefinitions([...index.partition, ...index.sort]),
    GlobalSecondaryIndexUpdates: [{ Create: indexMembers(index) }],
  });
  model.shape = { ...shape, indexes: [...shape.indexes, index] };
  await untilSettled({ client, table });
}

async function dropIndex(choice: number, { client, table, model }: Sides): Promise<void> {
  const { shape } = model;
  const globals = shape.indexes.filter(({ kind }) => kind === "global");
  const gone = globals[choice % Math.max(1, globals.length)];
  if (gone === undefined) return;
  const Delete = { IndexName: gone.name };
  await succeed(client, "UpdateTable", { TableName: table, GlobalSecondaryIndexUpdates: [{ Delete }] });
  model.shape = { ...shape, indexes: shape.indexes.filter((index) => index !== gone) };
  await untilSettled({ client, table });
}

function sourcesOf({ indexes }: IndexedShape): readonly (IndexShape | undefined)[] {
  return [undefined, ...indexes];
}

async function agreeOnQuery(drawn: IndexQuery, sides: Sides): Promise<void> {
  const { model } = sides;
  const sources = sourcesOf(model.shape);
  const index = sources[drawn.source % sources.length];
  // Queries refuse filters by what the index does not hold; scans find it absent.
  const query = holds(index, drawn.filter) ? drawn : { ...drawn, filter: undefined };
  const to = new Placeholders();
  const { text, matches, sort } = planQuery(query, { model, index, to });
  const members = {
    KeyConditionExpression: text,
    ScanIndexForward: !query.reverse,
    ...readMembers(query, { index, to }),
    ...to.members,
  };
  const expected = model.itemsOf(index).filter(matches);
  const read = await readAllPages("Query", { members, command: query, index }, sides);
  assertSameItems(read, { expected, command: query, index, model });
  if (query.limit !== undefined && !query.disturbed) {
    // Equal keys may come in any order, but in the same one however the pages are cut.
    const whole = await readAllPages(
      "Query",
      { members: { ...members, Limit: 1000 }, command: unlimited(query), index },
      sides,
    );
    assert.deepEqual(read.map(canonicalItem), whole.map(canonicalItem));
  }
  const direction = query.reverse ? -1 : 1;
  for (const [place, item] of read.entries()) {
    const next = read[place + 1];
    if (next !== undefined)
      assert.ok(direction * orderBy(sort, item, next) <= 0, "items are in the order of the key");
  }
}

function holds(index: IndexShape | undefined, name: string | undefined): boolean {
  if (index === undefined || index.projection === "ALL" || name === undefined) return true;
  return index.projection !== "KEYS_ONLY" && index.projection.includes(name);
}

function unlimited(query: IndexQuery): IndexQuery {
  return { ...query, limit: undefined };
}

async function agreeOnScan(scan: IndexScan, sides: Sides): Promise<void> {
  const { model } = sides;
  const sources = sourcesOf(model.shape);
  const index = sources[scan.source % sources.length];
  const expected = model.itemsOf(index);
  const read: Item[] = [];
  for (let Segment = 0; Segment < scan.segments; Segment++) {
    const to = new Placeholders();
    const segment = scan.segments === 1 ? {} : { Segment, TotalSegments: scan.segments };
    const members = { ...segment, ...readMembers(scan, { index, to }), ...to.members };
    read.push(...(await readAllPages("Scan", { members, command: scan, index }, sides)));
  }
  assertSameItems(read, { expected, command: scan, index, model });
}

function readMembers(
  { filter, limit, everything }: IndexQuery | IndexScan,
  { index, to }: { index: IndexShape | undefined; to: Placeholders },
): object {
  return {
    ...(index === undefined ? {} : { IndexName: index.name }),
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(filter === undefined ? {} : { FilterExpression: `attribute_exists(${to.path([filter])})` }),
    ...(everything && hasEverything(index) ? { Select: "ALL_ATTRIBUTES" } : {}),
    ...(index?.kind === "global" ? {} : { ConsistentRead: true }),
  };
}

/** Local indexes fetch from the table what they lack. */
function hasEverything(index: IndexShape | undefined): boolean {
  return index === undefined || index.kind === "local" || index.projection === "ALL";
}

/** All items of a read, page by page, as wholes of what the server sent. */
async function readAllPages(
  operation: "Query" | "Scan",
  {
    members,
    command,
    index,
  }: { members: object; command: IndexQuery | IndexScan; index: IndexShape | undefined },
  { client, table, model }: Sides,
): Promise<Item[]> {
  const read: Item[] = [];
  let after: Item | undefined;
  let isDisturbed = !command.disturbed;
  do {
    const start = after === undefined ? {} : { ExclusiveStartKey: after };
    const output = await succeed(client, operation, { TableName: table, ...members, ...start });
    const { Items = [], Count, ScannedCount = 0, LastEvaluatedKey } = output;
    assert.equal(Count, Items.length);
    assert.ok(ScannedCount <= (command.limit ?? Infinity), "more was read than the limit allows");
    assert.ok(ScannedCount >= Items.length);
    if (command.filter === undefined) assert.equal(ScannedCount, Items.length);
    if (LastEvaluatedKey !== undefined)
      assertIsKey(LastEvaluatedKey, { last: Items.at(-1), command, index, model });
    read.push(...Items);
    after = LastEvaluatedKey;
    if (after !== undefined && !isDisturbed) {
      isDisturbed = true;
      const write = { kind: "delete", key: model.keyOf(after) } as const;
      await plainWrite(write, { client, table, model });
    }
  } while (after !== undefined);
  return read;
}

function assertIsKey(
  key: Item,
  options: {
    last: Item | undefined;
    command: IndexQuery | IndexScan;
    index: IndexShape | undefined;
    model: IndexedTable;
  },
): void {
  const { last, command, index, model } = options;
  assert.equal(
    canonicalItem(key),
    canonicalItem(model.keyOf(key, index)),
    "the last key is one of index and table",
  );
  // With a filter the last item read may be one that was not sent.
  if (command.filter === undefined && last !== undefined) {
    assert.equal(
      canonicalItem(key),
      canonicalItem(model.keyOf(last, index)),
      "the last key is the last item's",
    );
  }
}

/** Every expected item once, and no other: nothing repeated, nothing skipped, nothing left over. */
function assertSameItems(
  read: readonly Item[],
  options: {
    expected: readonly Item[];
    command: IndexQuery | IndexScan;
    index: IndexShape | undefined;
    model: IndexedTable;
  },
): void {
  const { expected, command, index, model } = options;
  const { filter } = command;
  const sent = expected
    .map((item) => ({ whole: item, entry: model.projected(item, index) }))
    // Filters look at what the index holds, whatever is fetched besides.
    .filter(({ entry }) => filter === undefined || memberOf(entry, filter) !== undefined)
    .map(({ whole, entry }) => (command.everything && hasEverything(index) ? whole : entry));
  assert.deepEqual(read.map(canonicalItem).toSorted(), sent.map(canonicalItem).toSorted());
}
