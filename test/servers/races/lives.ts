/** Races of tables that are made and deleted. */
import {
  BatchGetItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  UpdateItemCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { drawSides, refusalOf, type Bed, type Side } from "./bed.ts";
import {
  assertWhole,
  createTable,
  describedTable,
  indexShapes,
  itemOf,
  keyOf,
  putItem,
  withIndexes,
} from "./raced-table.ts";
import { startWriters, type Attempt, type State } from "./writers.ts";

const writingMsMax = 120;

/** A table is deleted on one server and made anew on the other, while clients write to it. */
export async function replaceWhileWritten(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  const [one, other] = drawSides(bed);
  const before = await createTable(one, table);
  const writers = startWriters(bed, table, ["ResourceNotFoundException"]);
  await delay(bed.random() * writingMsMax);
  await one.client.send(new DeleteTableCommand({ TableName: table }));
  const deletedAt = performance.now();
  await assertUnknown(other.client, table);
  if (bed.draw.chance(0.3)) await writers.stop();
  const from = performance.now();
  const after = await createTable(other, table);
  const until = performance.now();
  const atOnce = await statesIn(one, table);
  assert.notEqual(after.TableId, before.TableId);
  await delay(bed.random() * writingMsMax);
  const attempts = await writers.stop();
  assertNoneDone(attempts, { from: deletedAt, until: from });
  assertOnlyNew(atOnce, attempts, from);
  assertLeft(await statesIn(one, table), attempts, { from, until });
  await assertWhole(bed, table);
  await deleteEverywhere(bed, table);
}

/** Both servers are asked at once for a table of one name, but not for the same table. */
export async function createTwice(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  const asked: readonly Partial<CreateTableCommandInput>[] = [
    { Tags: [{ Key: "asked", Value: "first" }] },
    {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    },
  ];
  const made: TableDescription[] = [];
  const refusals = await Promise.all(
    bed.sides.map((side, at) =>
      refusalOf(createTable(side, table, asked[at]).then((description) => made.push(description))),
    ),
  );
  assert.deepEqual(
    refusals.filter((refusal) => refusal !== undefined),
    [`ResourceInUseException: Table already exists: ${table}`],
  );
  for (const side of bed.sides) {
    const described = await describedTable(side, table);
    assert.equal(described?.TableId, made[0]?.TableId);
    assert.equal(described?.LatestStreamArn, made[0]?.LatestStreamArn);
    const isText = refusals[0] === undefined;
    const typed = refusalOf(putItem(side, table, { id: { S: "1" } }));
    const other = refusalOf(putItem(side, table, { id: { N: "1" } }));
    assert.deepEqual(
      [await typed, await other].map((refusal) => refusal === undefined),
      [isText, !isText],
    );
  }
  await deleteEverywhere(bed, table);
}

/** Both servers are asked at once to delete a table; one of them is then asked for another of that name. */
export async function deleteTwice(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  const [one, other] = drawSides(bed);
  await createTable(one, table, withIndexes(indexShapes));
  await putItem(other, table, { id: { S: "old" } });
  const refusals = await Promise.all(
    bed.sides.map(({ client }) => refusalOf(client.send(new DeleteTableCommand({ TableName: table })))),
  );
  assert.deepEqual(
    refusals.filter((refusal) => refusal !== undefined),
    [`ResourceNotFoundException: Requested resource not found: Table: ${table} not found`],
  );
  await createTable(other, table, {
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
  });
  // One knows it as it was, with another type of key.
  await putItem(one, table, { id: { N: "7" } });
  assert.match(
    (await refusalOf(putItem(one, table, { id: { S: "old" } }))) ?? "",
    /^ValidationException: .*[Tt]ype mismatch/,
  );
  const { Items: items } = await other.client.send(
    new ScanCommand({ TableName: table, ConsistentRead: true }),
  );
  assert.deepEqual(items, [{ id: { N: "7" } }]);
  await deleteEverywhere(bed, table);
}

/** Deletes a table on one server: no server knows it from then on. */
export async function deleteEverywhere(bed: Bed, table: string): Promise<void> {
  const [one, other] = drawSides(bed);
  await one.client.send(new DeleteTableCommand({ TableName: table }));
  await assertUnknown(other.client, table);
}

async function assertUnknown(client: DynamoDBClient, TableName: string): Promise<void> {
  const key = { TableName, Key: keyOf("0-0") };
  const query = { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": { S: "0-0" } } };
  const refusals = await Promise.all(
    [
      client.send(new DescribeTableCommand({ TableName })),
      client.send(new GetItemCommand({ ...key, ConsistentRead: true })),
      client.send(new GetItemCommand(key)),
      client.send(new PutItemCommand({ TableName, Item: itemOf("0-0", "0") })),
      client.send(new UpdateItemCommand({ ...key, UpdateExpression: "SET a = id" })),
      client.send(new QueryCommand({ TableName, ...query })),
      client.send(new ScanCommand({ TableName })),
      client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: key }] })),
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key.Key] } } })),
    ].map(refusalOf),
  );
  for (const refusal of refusals) assert.match(refusal ?? "", /^ResourceNotFoundException: /);
  const names: string[] = [];
  let last: string | undefined;
  do {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName: last }));
    names.push(...(page.TableNames ?? []));
    last = page.LastEvaluatedTableName;
  } while (last !== undefined);
  assert.ok(!names.includes(TableName));
}

type States = ReadonlyMap<string, State>;

async function statesIn({ client }: Side, TableName: string): Promise<States> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return new Map(Items.map(({ id, token }) => [id?.S ?? "", token?.S]));
}

function assertNoneDone(attempts: readonly Attempt[], span: { from: number; until: number }): void {
  const done = attempts.filter(
    ({ from, until, fate }) => from >= span.from && until <= span.until && fate === "done",
  );
  assert.deepEqual(done, [], "nothing is written where there is no table");
}

/** What was written before the table was asked for is not in it. */
function assertOnlyNew(states: States, attempts: readonly Attempt[], createdFrom: number): void {
  const old = attempts.filter(({ until }) => until <= createdFrom);
  const seen = new Set(states.values());
  assert.deepEqual(
    old.filter(({ after }) => after !== undefined && seen.has(after)),
    [],
  );
}

/** Items are as the attempts left them in a table that was made within the span. */
function assertLeft(
  states: States,
  attempts: readonly Attempt[],
  made: { from: number; until: number },
): void {
  const possible = new Map<string, Set<State>>();
  for (const { id, after, from, until, fate } of attempts) {
    const before = possible.get(id) ?? new Set([undefined]);
    if (until <= made.from) continue;
    const isCertain = fate === "done" && from >= made.until;
    assert.ok(fate === "done" || from < made.until, "a table that is there takes writes");
    possible.set(id, isCertain ? new Set([after]) : fate === "refused" ? before : before.add(after));
  }
  for (const id of new Set([...states.keys(), ...possible.keys()])) {
    const states_ = possible.get(id) ?? new Set<State>([undefined]);
    assert.ok(
      states_.has(states.get(id)),
      `${id} is ${String(states.get(id))}, not ${[...states_].join(" or ")}`,
    );
  }
}
