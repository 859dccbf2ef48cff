import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { launch, waitUntilHealthy, type ServerProcess } from "../server-process.ts";
import { Follower, readToEnd } from "./follower.ts";
import { Journal } from "./journal.ts";
import { changeIn, repeated, tokenIn } from "./records.ts";
import { keyOf, tableName, writeUntilCut } from "./writer.ts";

export interface DrillOptions {
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  readonly progress?: ((line: string) => void) | undefined;
}

/** What a drill went through, so that one that proved nothing is noticed. */
export interface DrillReport {
  readonly changes: number;
  readonly kills: number;
  readonly shards: number;
  readonly splits: number;
}

/** A slow machine gets longer until shards were cut, but not for ever. */
const killsInVainMax = 12;

const program = { script: join(import.meta.dirname, "drill-server.ts") };
const writers = 6;
const lifeMsMax = 2_500;
const lifeMsMin = 700;

/** So often the background of the server gets its turn: it looks for shards to close every five seconds. */
const upkeepEveryMs = 150;
const upkeepMs = 5_100;
const rollOverMs = 4 * 3_600_000;

/**
 * Writes to a table under load while one consumer follows its stream, and kills the server again and again. At the end
 * that consumer and one that starts from the beginning must both have heard of every change once, and of the changes of
 * each item in their order. Rejects where they have not.
 */
export async function runDrill({ folder, seconds, seed, progress }: DrillOptions): Promise<DrillReport> {
  const random = createRandom(seed);
  const journal = new Journal();
  const end = performance.now() + seconds * 1000;
  let kills = 0;
  let life = await begin(folder);
  try {
    const arn = await createTable(life.client);
    const follower = new Follower(arn, random);
    do {
      await live(life, { journal, follower, random });
      kills += 1;
      life.close();
      life = await begin(folder);
      await settle(life.client, journal);
      progress?.(`${kills} kills, ${journal.changes} changes, ${follower.shards} shards`);
    } while (performance.now() < end || (follower.splits === 0 && kills < killsInVainMax));
    const late = new Follower(arn, random);
    for (const each of [follower, late]) await readToEnd(each, life.streams);
    const wrong = [follower, late].flatMap(({ records }) => [
      ...journal.compare(records.map(changeIn)),
      ...repeated(records),
    ]);
    if (wrong.length > 0) throw new Error(`seed ${seed}:\n${wrong.slice(0, 20).join("\n")}`);
    return { changes: journal.changes, kills, shards: late.shards, splits: late.splits };
  } finally {
    life.close();
    await life.server.kill();
  }
}

/** One life of the server, and those who talk to it. */
interface Life {
  readonly server: ServerProcess;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  close(): void;
}

async function begin(folder: string): Promise<Life> {
  const server = await launch(program, ["--data", folder]);
  await waitUntilHealthy(server);
  const options = {
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "000000000000", secretAccessKey: "drill" },
    // An attempt that got no answer has an unknown outcome; a second one would hide it.
    maxAttempts: 1,
  };
  const client = new DynamoDBClient(options);
  const streams = new DynamoDBStreamsClient(options);
  return {
    ...{ server, client, streams },
    close() {
      client.destroy();
      streams.destroy();
    },
  };
}

async function createTable(client: DynamoDBClient): Promise<string> {
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  return table?.LatestStreamArn ?? "";
}

interface Surroundings {
  readonly journal: Journal;
  readonly follower: Follower;
  readonly random: () => number;
}

/** Everybody is at work until the server is killed. */
async function live(life: Life, { journal, follower, random }: Surroundings): Promise<void> {
  const over = { is: false };
  const work = Promise.all([
    ...Array.from({ length: writers }, (_, writer) =>
      writeUntilCut(writer, { client: life.client, journal, random }),
    ),
    untilCut(over, () => follower.round(life.streams)),
    untilCut(over, () => moveClock(life.server, random)),
  ]);
  // Whatever somebody finds wrong is thrown below, when the server is gone.
  work.catch(() => undefined);
  await delay(lifeMsMin + random() * (lifeMsMax - lifeMsMin));
  over.is = true;
  await life.server.kill();
  await work;
}

/** Repeats something that fails when the server is killed, and only then. */
async function untilCut(over: { readonly is: boolean }, step: () => Promise<unknown>): Promise<void> {
  while (!over.is) {
    try {
      await step();
    } catch (error) {
      if (!over.is) throw error;
    }
  }
}

/** Lets the background look for shards that are large, and seldom, once a life or so, for those that are old. */
async function moveClock({ endpoint }: ServerProcess, random: () => number): Promise<void> {
  await delay(upkeepEveryMs);
  const advanceMs = random() < 0.05 ? rollOverMs : upkeepMs;
  await fetch(`${endpoint}/_stator/clock`, { method: "PUT", body: JSON.stringify({ advanceMs }) });
}

/** Looks at the items whose last write got no answer. */
async function settle(client: DynamoDBClient, journal: Journal): Promise<void> {
  for (const id of journal.unsettled) {
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }),
    );
    journal.settle(id, tokenIn(item));
  }
}
