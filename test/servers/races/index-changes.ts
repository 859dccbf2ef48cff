/** Races of indexes that come and go. */
import { ScanCommand, UpdateTableCommand, type UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { IndexShape } from "../../oracle/indexes/shapes.ts";
import { drawSides, refusalOf, type Bed } from "./bed.ts";
import { deleteEverywhere } from "./lives.ts";
import { assertWhole, createTable, indexShapes, isSettled, untilTable, withIndexes } from "./raced-table.ts";
import { startWriters } from "./writers.ts";

const writingMsMax = 80;
const changesMax = 4;
const names = ["this", "that"] as const;

/** Indexes are added and deleted on one server or the other, while clients write by way of both. */
export async function changeIndexesWhileWritten(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  await createTable(bed.any, table);
  const writers = startWriters(bed, table);
  const present = new Map<string, IndexShape>();
  for (let change = bed.draw.below(changesMax); change >= 0; change--) {
    await delay(bed.random() * writingMsMax);
    const name = bed.draw.pick(names);
    if (present.delete(name)) await takeIndex(bed, table, name);
    else {
      // The name may have been that of another index before.
      const index = { ...bed.draw.pick(indexShapes), name };
      present.set(name, index);
      await addIndex(bed, table, index);
    }
  }
  await writers.stop();
  await assertWhole(bed, table, [...present.values()]);
  await deleteEverywhere(bed, table);
}

/** Both servers are asked at once for an index: at most one can be under way, and none that was begun is forgotten. */
export async function addIndexesOnBoth(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  await createTable(bed.any, table);
  const writers = startWriters(bed, table);
  await delay(bed.random() * writingMsMax);
  const wanted = names.map((name) => ({ ...bed.draw.pick(indexShapes), name }));
  const refusals = await Promise.all(
    wanted.map((index, at) => {
      const side = bed.sides[at] ?? bed.any;
      return refusalOf(side.client.send(new UpdateTableCommand(additionOf(table, index))));
    }),
  );
  const begun = wanted.filter((_, at) => refusals[at] === undefined);
  assert.ok(begun.length > 0, refusals.join());
  for (const refusal of refusals)
    if (refusal !== undefined) assert.match(refusal, /^LimitExceededException: .*Only 1 online/);
  await writers.stop();
  await assertWhole(bed, table, begun);
  await deleteEverywhere(bed, table);
}

export function additionOf(TableName: string, index: IndexShape): UpdateTableCommandInput {
  const { AttributeDefinitions, GlobalSecondaryIndexes: [Create] = [] } = withIndexes([index]);
  return { TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create }] };
}

async function addIndex(bed: Bed, table: string, index: IndexShape): Promise<void> {
  const [one, other] = drawSides(bed);
  await one.client.send(new UpdateTableCommand(additionOf(table, index)));
  const look = () =>
    refusalOf(other.client.send(new ScanCommand({ TableName: table, IndexName: index.name, Limit: 1 })));
  const early = await look();
  if (early !== undefined) assert.match(early, /^ValidationException: Cannot read from backfilling/);
  await untilTable(one, table, isSettled);
  assert.equal(await look(), undefined, "what is active for one is active for the other");
}

async function takeIndex(bed: Bed, table: string, name: string): Promise<void> {
  const [one, other] = drawSides(bed);
  const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName: name } }];
  await one.client.send(new UpdateTableCommand({ TableName: table, GlobalSecondaryIndexUpdates }));
  const look = other.client.send(new ScanCommand({ TableName: table, IndexName: name }));
  assert.match(
    (await refusalOf(look)) ?? "",
    /^ValidationException: The table does not have the specified index/,
  );
  await untilTable(one, table, isSettled);
}
