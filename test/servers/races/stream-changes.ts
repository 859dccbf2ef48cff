/** Races of streams that are enabled and disabled. */
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Follower, readToEnd } from "../../streams/follower.ts";
import type { ToldChange } from "../../streams/journal.ts";
import { changeIn, repeated } from "../../streams/records.ts";
import { drawSides, type Bed, type Side } from "./bed.ts";
import { deleteEverywhere } from "./lives.ts";
import { createTable } from "./raced-table.ts";
import { startWriters, type Attempt } from "./writers.ts";

const writingMsMax = 80;
const streamsMax = 2;

/** When something was asked for, and when it was answered. */
interface Span {
  readonly from: number;
  readonly until: number;
}

interface StreamLife {
  readonly arn: string;
  readonly enabling: Span;
  readonly disabling: Span;
}

/** A stream is enabled on one server and disabled on another, while clients write by way of both. */
export async function switchStreamWhileWritten(bed: Bed): Promise<void> {
  const table = bed.newTableName();
  await createTable(bed.any, table);
  const writers = startWriters(bed, table);
  const lives: StreamLife[] = [];
  for (let streams = bed.draw.below(streamsMax); streams >= 0; streams--) {
    await delay(bed.random() * writingMsMax);
    lives.push(await liveOnce(bed, table));
  }
  await delay(bed.random() * writingMsMax);
  const attempts = await writers.stop();
  for (const life of lives) {
    const follower = new Follower(life.arn, bed.random);
    await readToEnd(follower, bed.any.streams);
    const told = follower.records.map(changeIn);
    assert.deepEqual([...wrongTelling(told, attempts, life), ...repeated(follower.records)], []);
  }
  await deleteEverywhere(bed, table);
}

async function liveOnce(bed: Bed, table: string): Promise<StreamLife> {
  const [one, other] = drawSides(bed);
  const enabling = await spanOf(() => setStream(one, table, true));
  const arn = enabling.result ?? "";
  // The other one knows it at once.
  await other.streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  await delay(bed.random() * writingMsMax);
  const [ender] = drawSides(bed);
  const disabling = await spanOf(() => setStream(ender, table, false));
  return { arn, enabling, disabling };
}

async function setStream({ client }: Side, TableName: string, enabled: boolean): Promise<string | undefined> {
  const StreamSpecification = enabled
    ? ({ StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } as const)
    : { StreamEnabled: false };
  const { TableDescription } = await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  return TableDescription?.LatestStreamArn;
}

async function spanOf<Result>(work: () => Promise<Result>): Promise<Span & { readonly result: Result }> {
  const from = performance.now();
  const result = await work();
  return { from, until: performance.now(), result };
}

interface Change extends ToldChange, Span {}

/** What is wrong with what a stream told: of each item it tells one stretch of its changes, in their order. */
function wrongTelling(
  told: readonly ToldChange[],
  attempts: readonly Attempt[],
  { enabling, disabling }: StreamLife,
): string[] {
  const wrong: string[] = [];
  const places = new Map<string, number>();
  for (const change of told) places.set(nameOf(change), places.size);
  if (places.size < told.length) wrong.push("a change is told twice");
  for (const [id, changes] of changesOf(attempts)) {
    const toldOfId = told.filter((change) => change.id === id).map(nameOf);
    const first = changes.findIndex((change) => nameOf(change) === toldOfId[0]);
    const stretch = changes.slice(Math.max(first, 0), Math.max(first, 0) + toldOfId.length).map(nameOf);
    if (stretch.join() !== toldOfId.join())
      wrong.push(`${id} was ${changes.map(nameOf).join(" ")}, told was ${toldOfId.join(" ")}`);
    for (const change of changes) {
      const isTold = places.has(nameOf(change));
      const isWithin = change.from >= enabling.until && change.until <= disabling.from;
      const isOutside = change.until <= enabling.from || change.from >= disabling.until;
      if (isWithin && !isTold) wrong.push(`${nameOf(change)} is not told`);
      if (isOutside && isTold) wrong.push(`${nameOf(change)} is told by a stream of another time`);
    }
  }
  return wrong;
}

/** The changes of each item in their order: an attempt that left it as it was is none. */
function changesOf(attempts: readonly Attempt[]): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, Change[]>();
  for (const { id, after, from, until } of attempts) {
    const ofId = changes.get(id) ?? [];
    changes.set(id, ofId);
    const before = ofId.at(-1)?.after;
    if (before !== after) ofId.push({ id, before, after, from, until });
  }
  return changes;
}

/** No two changes have the same: every put has a token of its own. */
function nameOf({ id, before, after }: ToldChange): string {
  return `${id}:${before ?? ""}>${after ?? ""}`;
}
