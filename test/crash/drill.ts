import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
  waitUntilTableExists,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { launch, waitUntilHealthy, type Program, type ServerProcess } from "../server-process.ts";
import { Ledger, type DrillItem } from "./ledger.ts";
import { table, writeUntilCut } from "./writer.ts";

export interface DrillOptions {
  readonly program: Program;
  readonly folder: string;
  readonly rounds: number;
  readonly seed: number;
  readonly progress?: ((line: string) => void) | undefined;
}

const writers = 8;
const writingMsMax = 400;
const progressEvery = 10;

/**
 * Writes through the SDK, kills the server at a random moment, starts it again and compares what it holds with what
 * it acknowledged; again and again on one data folder. Rejects at the first difference.
 */
export async function runDrill({ program, folder, rounds, seed, progress }: DrillOptions): Promise<void> {
  const random = createRandom(seed);
  const ledger = new Ledger();
  let acknowledged = 0;
  let server = await start({ program, folder });
  try {
    await createTable(server);
    for (let round = 1; round <= rounds; round++) {
      acknowledged += await writeAndKill(server, { ledger, random });
      if (random() < 0.15) await killWhileStarting({ program, folder, random });
      server = await start({ program, folder });
      const wrong = await audit(server, ledger);
      if (wrong.length > 0)
        throw new Error(`after round ${round} of seed ${seed}:\n${wrong.slice(0, 20).join("\n")}`);
      if (round % progressEvery === 0)
        progress?.(`round ${round}: ${acknowledged} writes acknowledged, none lost`);
    }
  } finally {
    await server.kill();
  }
}

async function start({ program, folder }: { program: Program; folder: string }): Promise<ServerProcess> {
  const server = await launch(program, ["--data", folder, "--durability", "strict"]);
  await waitUntilHealthy(server);
  return server;
}

/** A server that dies before or just after it opened the folder. */
async function killWhileStarting(options: {
  program: Program;
  folder: string;
  random: () => number;
}): Promise<void> {
  const server = await launch(options.program, ["--data", options.folder]);
  await delay(options.random() * 200);
  await server.kill();
}

async function writeAndKill(
  server: ServerProcess,
  { ledger, random }: { ledger: Ledger; random: () => number },
): Promise<number> {
  const client = clientOf(server);
  const writing = Promise.all(
    Array.from({ length: writers }, (_, writer) => writeUntilCut(writer, { client, ledger, random })),
  );
  // Whatever a writer finds wrong is thrown below, when the server is gone.
  writing.catch(() => undefined);
  await delay(random() * writingMsMax);
  await server.kill();
  const written = await writing;
  client.destroy();
  return written.reduce((sum, count) => sum + count, 0);
}

async function createTable(server: ServerProcess): Promise<void> {
  const client = clientOf(server);
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: table });
  client.destroy();
}

/** What is wrong with the table: items, and the statistics that are kept beside them. */
async function audit(server: ServerProcess, ledger: Ledger): Promise<string[]> {
  const client = clientOf(server);
  const stored = await readAll(client);
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  client.destroy();
  const wrong = ledger.settle(stored);
  const bytes = [...stored.values()].reduce((sum, item) => sum + sizeOf(item), 0);
  if (Table?.ItemCount !== stored.size) {
    wrong.push(`ItemCount is ${String(Table?.ItemCount)} but ${stored.size} items are stored`);
  }
  if (Table?.TableSizeBytes !== bytes) {
    wrong.push(`TableSizeBytes is ${String(Table?.TableSizeBytes)} but the items have ${bytes}`);
  }
  return wrong;
}

async function readAll(client: DynamoDBClient): Promise<Map<string, DrillItem>> {
  const stored = new Map<string, DrillItem>();
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: after }),
    );
    for (const attributes of page.Items ?? []) {
      const id = attributes["id"]?.S ?? "";
      stored.set(id, {
        id,
        token: attributes["token"]?.S ?? "",
        count: Number(attributes["count"]?.N ?? 0),
        payload: attributes["payload"]?.S ?? "",
      });
    }
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return stored;
}

/** Names and values in bytes, by the service's rules, of an item as it was written. */
function sizeOf({ id, token, count, payload }: DrillItem): number {
  const counter = "id".length + id.length + "count".length + countSize(count);
  // A counter has an id and a count and nothing else.
  if (token === "") return counter;
  return counter + "token".length + token.length + "payload".length + payload.length;
}

/** A byte for every two digits, from the decimal point, without zero pairs at the end; one more; zero is one. */
function countSize(count: number): number {
  const digits = String(count);
  const pairs = digits.padStart(digits.length + (digits.length % 2), "0").match(/\d\d/g) ?? [];
  const last = pairs.findLastIndex((pair) => pair !== "00");
  return last + 2;
}

function clientOf({ endpoint }: ServerProcess): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIADRILLDRILLDRILL1", secretAccessKey: "drill" },
    // An attempt that got no answer has an unknown outcome; a second one would hide it.
    maxAttempts: 1,
  });
}
