/** Races of items that expire. */
import {
  DescribeTimeToLiveCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { drawSides, refusalOf, type Bed } from "./bed.ts";
import { deleteEverywhere } from "./lives.ts";
import { assertWhole, createTable, indexShapes, itemOf, keyOf, putItem, withIndexes } from "./raced-table.ts";

const itemCount = 12;
const patienceMs = 20_000;

/**
 * Time to live is enabled on one server between writes of items that have had their time, those that have not, and
 * those that got more of it on the other server.
 */
export async function expireOnBoth(bed: Bed): Promise<void> {
  const TableName = bed.newTableName();
  const [one, other] = drawSides(bed);
  const [index] = indexShapes;
  await createTable(one, TableName, withIndexes([index]));
  const kept = new Set<string>();
  const write = async (number: number): Promise<void> => {
    const id = `0-${number}`;
    const seconds = Math.floor(Date.now() / 1000) + bed.draw.pick([-1000, -1000, 1_000_000]);
    const item = { ...itemOf(id, String(number)), expires: { N: String(seconds) } };
    await putItem(bed.any, TableName, item);
    if (seconds > Date.now() / 1000) kept.add(id);
    else if (bed.draw.chance(0.3) && (await isProlonged(bed, TableName, id))) kept.add(id);
  };
  const numbers = Array.from({ length: itemCount }, (_, number) => number);
  await Promise.all(numbers.slice(itemCount / 2).map(write));
  await one.client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
    }),
  );
  const { TimeToLiveDescription: described } = await other.client.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  assert.equal(described?.AttributeName, "expires");
  await Promise.all(numbers.slice(0, itemCount / 2).map(write));
  const end = performance.now() + patienceMs;
  for (;;) {
    const { Items = [] } = await bed.any.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
    const ids = new Set(Items.map(({ id }) => id?.S ?? ""));
    assert.ok(
      [...kept].every((id) => ids.has(id)),
      "what has not expired is there",
    );
    if (ids.size === kept.size) break;
    assert.ok(performance.now() < end, `too late: ${[...ids].join()}, kept are ${[...kept].join()}`);
    await delay(100);
  }
  await assertWhole(bed, TableName, [index]);
  await deleteEverywhere(bed, TableName);
}

/** Whether an item that has expired, but may still be there, got more time before it was taken away. */
async function isProlonged({ any }: Bed, TableName: string, id: string): Promise<boolean> {
  const expires: AttributeValue = { N: String(Math.floor(Date.now() / 1000) + 1_000_000) };
  const update = new UpdateItemCommand({
    TableName,
    Key: keyOf(id),
    UpdateExpression: "SET expires = :expires",
    ConditionExpression: "attribute_exists(id)",
    ExpressionAttributeValues: { ":expires": expires },
  });
  const refusal = await refusalOf(any.client.send(update));
  if (refusal !== undefined) assert.match(refusal, /^ConditionalCheckFailedException/);
  return refusal === undefined;
}
