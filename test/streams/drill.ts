import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { Fleet } from "../fleet.ts";
import type { Storage } from "../storage.ts";
import { DrillClock } from "./drill-clock.ts";
import { Follower, readToEnd } from "./follower.ts";
import { isAnswered } from "./is-answered.ts";
import { Journal } from "./journal.ts";
import { changeIn, repeated } from "./records.ts";
import { tableName, writeOnce, type Writing } from "./writer.ts";

export interface DrillOptions {
  readonly storage: Storage;
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

/** So often the background of the servers gets its turn: it looks for shards to close every five seconds. */
const upkeepEveryMs = 150;
const upkeepMs = 5_100;
const rollOverMs = 4 * 3_600_000;
/** Records are kept for a day. */
const movedMsMax = 16 * 3_600_000;
/** In how many of the cases all servers are killed at once. */
const allShare = 0.2;

/**
 * Writes to a table under load while one consumer follows its stream, and kills one server after another. Every request
 * goes to any of them. At the end that consumer and one that starts from the beginning must both have heard of every
 * change once, and of the changes of each item in their order. Rejects where they have not.
 */
export async function runDrill({ storage, seconds, seed, progress }: DrillOptions): Promise<DrillReport> {
  const random = createRandom(seed);
  const clock = new DrillClock();
  const servers = Math.min(2, storage.serversMax);
  const prepare = clock.set.bind(clock);
  const fleet = await Fleet.launch({ program, storage, servers, random, prepare });
  const { client, streams } = clientsOf(fleet);
  try {
    const arn = await createTable(client);
    const follower = new Follower(arn, random);
    const journal = new Journal();
    const writing = { client, journal, random, untilQuiet: () => fleet.untilQuiet() };
    const end = performance.now() + seconds * 1000;
    let kills = 0;
    await whileAtWork({ fleet, clock, random, follower, streams, writing }, async () => {
      do {
        await delay(lifeMsMin + random() * (lifeMsMax - lifeMsMin));
        await kill({ fleet, clock, random });
        kills += 1;
        progress?.(`${kills} kills, ${journal.changes} changes, ${follower.shards} shards`);
      } while (performance.now() < end || (follower.splits === 0 && kills < killsInVainMax));
    });
    const late = new Follower(arn, random);
    for (const each of [follower, late]) await readToEnd(each, streams);
    const wrong = [follower, late].flatMap(({ records }) => [
      ...journal.compare(records.map(changeIn)),
      ...repeated(records),
    ]);
    if (wrong.length > 0) throw new Error(`seed ${seed}:\n${wrong.slice(0, 20).join("\n")}`);
    return { changes: journal.changes, kills, shards: late.shards, splits: late.splits };
  } catch (error) {
    throw fleet.explain(error);
  } finally {
    client.destroy();
    streams.destroy();
    await fleet.close();
  }
}

function clientsOf({ endpoint }: Fleet): { client: DynamoDBClient; streams: DynamoDBStreamsClient } {
  const options = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "000000000000", secretAccessKey: "drill" },
    // An attempt that got no answer has an unknown outcome; a second one would hide it.
    maxAttempts: 1,
  };
  return { client: new DynamoDBClient(options), streams: new DynamoDBStreamsClient(options) };
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

interface Servers {
  readonly fleet: Fleet;
  readonly clock: DrillClock;
  readonly random: () => number;
}

interface Work extends Servers {
  readonly follower: Follower;
  readonly streams: DynamoDBStreamsClient;
  readonly writing: Writing;
}

/** Everybody is at work until `disturbance` is over. */
async function whileAtWork(work: Work, disturbance: () => Promise<void>): Promise<void> {
  const { follower, streams, writing } = work;
  const over = { is: false };
  const steps = [
    ...Array.from({ length: writers }, (_, writer) => () => writeOnce(writer, writing)),
    () => isAnswered(() => follower.round(streams)),
    () => moveClock(work),
  ];
  const working = Promise.all(
    steps.map(async (step) => {
      while (!over.is) await step();
    }),
  );
  try {
    // Whatever somebody finds wrong ends the drill at once.
    await Promise.race([disturbance(), working]);
  } finally {
    over.is = true;
  }
  await working;
}

/** One server is killed, or all of them, whose successors have the time of the machine. */
async function kill({ fleet, clock, random }: Servers): Promise<void> {
  const isAll = fleet.running.length === 1 || clock.movedMs > movedMsMax || random() < allShare;
  if (!isAll) return fleet.killOne();
  await fleet.killAll(() => {
    clock.reset();
  });
}

/** Lets the background look for shards that are large, and seldom, once a life or so, for those that are old. */
async function moveClock({ fleet, clock, random }: Servers): Promise<void> {
  await delay(upkeepEveryMs);
  clock.advance(random() < 0.05 && clock.movedMs < movedMsMax ? rollOverMs : upkeepMs);
  await Promise.allSettled(fleet.running.map((server) => clock.set(server)));
}
