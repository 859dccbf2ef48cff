import {
  launch,
  waitUntilHealthy,
  type AnyEndpoint,
  type Program,
  type ServerProcess,
} from "./server-process.ts";
import type { Storage } from "./storage.ts";

export interface FleetOptions {
  readonly program: Program;
  readonly storage: Storage;
  readonly servers: number;
  readonly random: () => number;
  /** Done with every server before it takes requests. */
  readonly prepare?: (server: ServerProcess) => Promise<unknown>;
}

interface Member {
  /** No two servers of a storage have the same. */
  readonly name: string;
  readonly server: ServerProcess;
}

/** Servers in processes of their own on one storage, of which one after another can be killed while the rest go on. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #running = new Set<Member>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #ending = new Set<Promise<unknown>>();
  #named = 0;

  private constructor(options: FleetOptions) {
    this.#options = options;
  }

  static async launch(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    try {
      await Promise.all(Array.from({ length: options.servers }, () => fleet.#start()));
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** What is thrown when something was found to be wrong, with what the servers that run say of it. */
  explain(error: unknown): Error {
    const said = this.running.map((server) => server.output().trim()).filter((output) => output !== "");
    return new Error([String(error), ...said].join("\nA server said:\n"), { cause: error });
  }

  /** Those that take requests now. */
  get running(): readonly ServerProcess[] {
    return [...this.#running].map(({ server }) => server);
  }

  /** Leads to any of those that take requests; waits while there is none. */
  readonly endpoint: AnyEndpoint = async () => {
    for (;;) {
      const member = this.#any();
      if (member !== undefined) return { url: new URL(member.server.endpoint) };
      if (this.#starting.size === 0) throw new Error("there is no server");
      await Promise.race(this.#starting);
    }
  };

  /** Kills one and starts another in its place; resolves once that takes requests. */
  killOne(): Promise<void> {
    const member = this.#any();
    if (member === undefined) throw new Error("there is no server to kill");
    return this.#replace([member]);
  }

  /** Kills all of them at once and starts others; before that, but when nobody is there, comes `meanwhile`. */
  killAll(meanwhile: () => void): Promise<void> {
    return this.#replace([...this.#running], meanwhile);
  }

  /** Waits until nothing is under way any more that one of the killed had begun. */
  async untilQuiet(): Promise<void> {
    await Promise.all([...this.#ending]);
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#starting]);
    await Promise.all([...this.#running].map(({ server }) => server.kill()));
    this.#running.clear();
  }

  #any(): Member | undefined {
    const members = [...this.#running];
    return members[Math.floor(this.#options.random() * members.length)];
  }

  #replace(members: readonly Member[], meanwhile?: () => void): Promise<void> {
    for (const member of members) this.#running.delete(member);
    return tracked(this.#starting, async () => {
      await Promise.all(members.map((member) => this.#kill(member)));
      meanwhile?.();
      await Promise.all(members.map(() => this.#start()));
    });
  }

  async #start(): Promise<void> {
    const { program, storage, prepare } = this.#options;
    const name = `server-${this.#named++}`;
    const server = await launch(program, storage.arguments(name));
    try {
      await waitUntilHealthy(server);
      await prepare?.(server);
    } catch (error) {
      await server.kill();
      throw error;
    }
    this.#running.add({ name, server });
  }

  async #kill({ name, server }: Member): Promise<void> {
    await server.kill();
    // Whoever waits for it hears of a failure.
    tracked(this.#ending, () => this.#options.storage.untilQuiet(name)).catch(() => undefined);
  }
}

/** Does something that is in `set` until it is done. */
function tracked<Result>(set: Set<Promise<unknown>>, work: () => Promise<Result>): Promise<Result> {
  const done = work().finally(() => set.delete(done));
  set.add(done);
  return done;
}
