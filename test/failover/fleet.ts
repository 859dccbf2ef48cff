import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { repeatThrottled } from "./repeat-throttled.ts";
import { launch, waitUntilHealthy, type Program, type ServerProcess } from "../server-process.ts";

/** One server, and clients that talk to it alone. */
export interface Member {
  readonly server: ServerProcess;
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
}

const saidMax = 4_000;
/** A request that takes so long is never answered. */
const answerMsMax = 60_000;

/** Servers that share a database, and a balancer that sends nothing to those that were killed. */
export class Fleet {
  readonly #program: Program;
  readonly #options: readonly string[];
  readonly #members: (Member | undefined)[] = [];

  private constructor(program: Program, options: readonly string[]) {
    this.#program = program;
    this.#options = options;
  }

  static async start(
    count: number,
    { program, options }: { program: Program; options: readonly string[] },
  ): Promise<Fleet> {
    const fleet = new Fleet(program, options);
    try {
      for (let index = 0; index < count; index++) await fleet.restart(index);
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  get size(): number {
    return this.#members.length;
  }

  /** The indexes of the servers that are alive. */
  get alive(): readonly number[] {
    return this.#members.flatMap((member, index) => (member === undefined ? [] : [index]));
  }

  member(index: number): Member {
    const member = this.#members[index];
    if (member === undefined) throw new Error(`server ${index} is not alive`);
    return member;
  }

  /** The server that serves a writer: always the same one while it is alive; undefined while none is. */
  serving(writer: number): number | undefined {
    const { alive } = this;
    const own = writer % this.size;
    return alive.includes(own) ? own : alive[0];
  }

  /** What the servers that are alive have said, the last part. */
  output(): string {
    return this.#members.map((member) => member?.server.output().slice(-saidMax) ?? "").join("\n");
  }

  async kill(index: number): Promise<void> {
    const member = this.#members[index];
    this.#members[index] = undefined;
    await member?.server.kill();
    member?.client.destroy();
    member?.streams.destroy();
  }

  async restart(index: number): Promise<void> {
    const server = await launch(this.#program, this.#options);
    try {
      await waitUntilHealthy(server);
    } catch (error) {
      await server.kill();
      throw error;
    }
    this.#members[index] = { server, ...clientsOf(server) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((_, index) => this.kill(index)));
  }
}

function clientsOf({ endpoint }: ServerProcess): Pick<Member, "client" | "streams"> {
  const options = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "000000000000", secretAccessKey: "drill" },
    retryStrategy: repeatThrottled,
    requestHandler: { requestTimeout: answerMsMax, throwOnRequestTimeout: true },
  };
  return { client: new DynamoDBClient(options), streams: new DynamoDBStreamsClient(options) };
}
