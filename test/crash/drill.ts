import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { Client } from "../oracle/client.ts";
import { wrongIndexes } from "../oracle/indexes/recompute.ts";
import { launch, waitUntilHealthy, type Program, type ServerProcess } from "../server-process.ts";
import type { Storage } from "../storage.ts";
import { createDrillTable, describedShape, readDrillTable, tableName } from "./drill-table.ts";
import { changeIndexesUntilCut } from "./index-changes.ts";
import { Ledger } from "./ledger.ts";
import { fateOf } from "./requests.ts";
import { fill, writeUntilCut } from "./writer.ts";

export interface DrillOptions {
  readonly program: Program;
  readonly storage: Storage;
  readonly rounds: number;
  readonly seed: number;
  readonly progress?: ((line: string) => void) | undefined;
}

const writers = 8;
const writingMsMax = 500;
const briefMsMax = 60;
const patienceMs = 1500;
const progressEvery = 10;

/** In how many of the rounds the server is left alone until what is being built is there. */
const waitingShare = 0.1;

/**
 * Writes, transacts, and adds and drops indexes through the SDK, kills the server at a random moment, starts it again
 * and compares what it holds with what it acknowledged, and its indexes with its items; again and again on the same
 * data. Rejects at the first difference.
 */
export async function runDrill({ program, storage, rounds, seed, progress }: DrillOptions): Promise<void> {
  const random = createRandom(seed);
  const ledger = new Ledger();
  let acknowledged = 0;
  let interrupted = 0;
  let server = await start({ program, storage });
  try {
    await prepare(server, ledger);
    for (let round = 1; round <= rounds; round++) {
      acknowledged += await writeAndKill(server, { ledger, random });
      if (random() < 0.15) await killWhileStarting({ program, storage, random });
      server = await start({ program, storage });
      const waits = round === rounds || random() < waitingShare;
      const { wrong, unfinished } = await audit(server, { ledger, waits });
      interrupted += unfinished;
      if (wrong.length > 0)
        throw new Error(`after round ${round} of seed ${seed}:\n${wrong.slice(0, 20).join("\n")}`);
      if (round % progressEvery === 0)
        progress?.(
          `round ${round}: ${acknowledged} writes acknowledged, none lost; ${interrupted} times an index was unfinished`,
        );
    }
  } finally {
    await server.kill();
  }
}

type Place = Pick<DrillOptions, "program" | "storage">;

async function start(place: Place): Promise<ServerProcess> {
  const server = await launchAt(place);
  await waitUntilHealthy(server);
  return server;
}

/** A server that dies before or just after it opened its storage. */
async function killWhileStarting({ random, ...place }: Place & { random: () => number }): Promise<void> {
  const server = await launchAt(place);
  await delay(random() * 200);
  await server.kill();
}

/** Launches a server that is only taken for dead once nothing of it can take effect any more. */
async function launchAt({ program, storage }: Place): Promise<ServerProcess> {
  const name = `server-${randomUUID()}`;
  const server = await launch(program, storage.arguments(name));
  return {
    ...server,
    kill: async () => {
      await server.kill();
      await storage.untilQuiet(name);
    },
  };
}

async function writeAndKill(
  server: ServerProcess,
  { ledger, random }: { ledger: Ledger; random: () => number },
): Promise<number> {
  const client = clientOf(server);
  const begun = signal();
  const writing = Promise.all([
    ...Array.from({ length: writers }, (_, writer) =>
      writeUntilCut(writer, { client, ledger, random, fateOf }),
    ),
    changeIndexesUntilCut(client, { random, onChange: begun.resolve }),
  ]);
  // Whatever a writer finds wrong is thrown below, when the server is gone.
  writing.catch(() => undefined);
  // Half of the kills come while an index is being built or erased.
  if (random() < 0.5) await Promise.race([begun.promise, delay(patienceMs)]);
  await delay(random() * (random() < 0.5 ? writingMsMax : briefMsMax));
  await server.kill();
  const written = await writing;
  client.destroy();
  return written.reduce((sum, count) => sum + count, 0);
}

function signal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

async function prepare(server: ServerProcess, ledger: Ledger): Promise<void> {
  const client = clientOf(server);
  await createDrillTable(client);
  await Promise.all(Array.from({ length: writers }, (_, writer) => fill(writer, { client, ledger })));
  client.destroy();
}

/** What is wrong with the table and what is derived from it, and how many indexes a kill left unfinished. */
async function audit(
  server: ServerProcess,
  { ledger, waits }: { ledger: Ledger; waits: boolean },
): Promise<{ wrong: readonly string[]; unfinished: number }> {
  const client = clientOf(server);
  const plain = new Client(server.endpoint);
  try {
    const wrong = ledger.settle(await readDrillTable(client));
    const { unfinished } = await describedShape(client, { waits: false });
    const shape = await describedShape(client, { waits });
    wrong.push(...(await wrongIndexes(plain, { table: tableName, shape })));
    return { wrong, unfinished: unfinished.length };
  } finally {
    client.destroy();
    plain.close();
  }
}

function clientOf({ endpoint }: ServerProcess): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    // The account of the audit's client.
    credentials: { accessKeyId: "000000000000", secretAccessKey: "drill" },
    // An attempt that got no answer has an unknown outcome; a second one would hide it.
    maxAttempts: 1,
  });
}
