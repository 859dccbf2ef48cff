import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import assert from "node:assert/strict";
import { createRandom } from "../../../bench/load/random.ts";
import { launch, waitUntilHealthy, type ServerProcess } from "../../server-process.ts";
import type { Storage } from "../../storage.ts";
import { openDatabase, type Database } from "./database.ts";
import { startOutside, type Outside } from "./outside.ts";
import { hangingStream, until, worksOf, type Clients, type Work } from "./works.ts";

export interface DrillOptions {
  readonly storage: Storage;
  /** Rounds go on until so much time has passed; there is one at least. */
  readonly seconds: number;
  readonly seed: number;
  readonly progress?: ((line: string) => void) | undefined;
}

/** By jobs: in how many rounds the kill came in the middle, and how long it took at most until the work was done. */
export type DrillReport = ReadonlyMap<string, { readonly cut: number; readonly msMax: number }>;

/** By then everything that was left must be done: leases have run out, and others have looked. */
const takeoverMsMax = 40_000;
/** How long a work may take to begin. */
const beginMsMax = 3_000;

interface Member extends Clients {
  readonly name: string;
  readonly server: ServerProcess;
}

/**
 * Has one server begin work of every kind, kills it in the middle of it, and waits until another one has done the rest.
 * Rejects when that does not come about, or not as it should.
 */
export async function runDrill({ storage, seconds, seed, progress }: DrillOptions): Promise<DrillReport> {
  const random = createRandom(seed);
  const outside = await startOutside();
  const database = openDatabase(storage.place);
  const drill = new Drill({ storage, outside, database, random });
  const end = performance.now() + seconds * 1_000;
  try {
    do {
      await drill.round().catch((cause: unknown) => {
        throw new Error(`seed ${seed}: ${String(cause)}\n${drill.outputs()}`, { cause });
      });
      progress?.(`seed ${seed}: ${JSON.stringify([...drill.report])}`);
    } while (performance.now() < end);
    return drill.report;
  } finally {
    await drill.close();
    await database.close();
    outside.close();
  }
}

interface Aftermath {
  readonly other: Member;
  readonly killedAt: number;
  /** How much there was to do. */
  readonly amount: number;
}

interface DrillTools {
  readonly storage: Storage;
  readonly outside: Outside;
  readonly database: Database;
  readonly random: () => number;
}

class Drill {
  readonly report = new Map<string, { readonly cut: number; readonly msMax: number }>();
  readonly #tools: DrillTools;
  readonly #members = new Set<Member>();
  #launched = 0;
  #rounds = 0;
  #survivor: Member | undefined;

  constructor(tools: DrillTools) {
    this.#tools = tools;
  }

  async round(): Promise<void> {
    const { outside, storage } = this.#tools;
    const round = (this.#rounds += 1);
    const works = worksOf({ ...this.#tools, round });
    const first = this.#survivor ?? (await this.#launch());
    const [other] = await Promise.all([
      this.#launch(),
      ...works.filter(({ isFleeting }) => !isFleeting).map((work) => work.prepare(first)),
    ]);
    outside.hang(hangingStream(round));
    const amounts = await this.#beginAll(works, first);
    await this.#kill(first);
    const killedAt = performance.now();
    await storage.untilQuiet(first.name);
    outside.answer();
    this.#survivor = other;
    await Promise.all(
      works.map((work) => this.#follow(work, { other, killedAt, amount: amounts.get(work) ?? 0 })),
    );
    for (const work of works) await work.check(other);
  }

  /** Has a server begin everything; answers how much there was to do. One work, as it happens, has just begun then. */
  async #beginAll(works: readonly Work[], first: Member): Promise<ReadonlyMap<Work, number>> {
    const amounts = new Map<Work, number>();
    const measure = async (work: Work) => amounts.set(work, await work.left(first));
    const hasBegun = async (work: Work) => (await work.left(first)) < (amounts.get(work) ?? 0);
    for (const work of works.filter(({ hangs }) => hangs)) {
      await measure(work);
      await work.begin(first);
      await until(() => hasBegun(work));
    }
    for (const work of works.filter(({ isFleeting }) => isFleeting)) await work.prepare(first);
    const others = works.filter(({ hangs }) => !hangs);
    for (const work of others) await measure(work);
    const bait = others[Math.floor(this.#tools.random() * others.length)];
    assert.ok(bait);
    // What was fleeting may be gone by now.
    const isCaught = async () => amounts.get(bait) === 0 || hasBegun(bait);
    await Promise.all([...others.map((work) => work.begin(first)), until(isCaught, beginMsMax)]);
    return amounts;
  }

  /** What the servers said that run. */
  outputs(): string {
    return [...this.#members].map(({ name, server }) => `${name}:\n${server.output()}`).join("\n");
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members].map((member) => this.#kill(member)));
  }

  /** Waits until the work is done, by the server that is left. */
  async #follow({ job, left }: Work, { other, killedAt, amount }: Aftermath): Promise<void> {
    const atKill = await left(other);
    const isCut = atKill > 0 && atKill < amount;
    await until(async () => (await left(other)) === 0, takeoverMsMax).catch(async (cause: unknown) => {
      throw new Error(`${job}: ${await left(other)} of ${amount} left`, { cause });
    });
    const known = this.report.get(job) ?? { cut: 0, msMax: 0 };
    const ms = isCut ? Math.round(performance.now() - killedAt) : 0;
    this.report.set(job, { cut: known.cut + (isCut ? 1 : 0), msMax: Math.max(known.msMax, ms) });
  }

  async #launch(): Promise<Member> {
    const { storage, outside } = this.#tools;
    const name = `job-server-${(this.#launched += 1)}`;
    const outsiders = [
      ...["--function", `test=${outside.functionUrl}`],
      ...["--kinesis-endpoint", outside.kinesisUrl],
    ];
    const server = await launch("sources", [...storage.arguments(name), ...outsiders, "--log-level", "warn"]);
    const member = { name, server, ...clientsOf(server) };
    this.#members.add(member);
    await waitUntilHealthy(server);
    return member;
  }

  async #kill(member: Member): Promise<void> {
    this.#members.delete(member);
    await member.server.kill();
    member.client.destroy();
    member.lambda.destroy();
  }
}

function clientsOf({ endpoint }: ServerProcess): Clients {
  const credentials = { accessKeyId: "000000000000", secretAccessKey: "drill" };
  const options = { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
  return { client: new DynamoDBClient(options), lambda: new LambdaClient(options) };
}
