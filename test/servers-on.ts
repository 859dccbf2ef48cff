import { silentLog, type Log } from "../src/base/log.ts";
import { startServer, type ServerOptions } from "../src/server/start-server.ts";
import { skipWithoutPostgres } from "./postgres/binaries.ts";
import type { AnyEndpoint } from "./server-process.ts";
import { openStorage, type Storage } from "./storage.ts";

export const testEngines = ["memory", "lmdb", "postgres"] as const;
export type TestEngine = (typeof testEngines)[number];

/** Servers in the process of a test that have the same tables. */
export interface TestServers {
  /** Two where the engine allows that, and each is as good as the other at any moment. */
  readonly endpoints: readonly string[];
  close(): Promise<void>;
}

/** Whether to skip tests on an engine, as an option of `test`. */
export function skipOn(engine: TestEngine): string | false {
  return engine === "postgres" ? skipWithoutPostgres : false;
}

/** Starts as many servers as the engine allows, two at most, on no data. */
export async function startServersOn(engine: TestEngine, options: ServerOptions = {}): Promise<TestServers> {
  const storage = engine === "memory" ? inMemory : await openStorage(engine);
  const count = Math.min(2, storage.serversMax);
  const servers = await Promise.all(
    Array.from({ length: count }, () => startServer({ log: errorLog, ...storage.serverOptions, ...options })),
  );
  return {
    endpoints: servers.map(({ endpoint }) => endpoint),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      await storage.close();
    },
  };
}

/** As the endpoint of an SDK client it makes that ask any of the servers. */
export function anyOf(endpoints: readonly string[], random: () => number): AnyEndpoint {
  return () => Promise.resolve({ url: new URL(endpoints[Math.floor(random() * endpoints.length)] ?? "") });
}

/** A test learns of a failure inside a server as a 500: here it is told why. */
const errorLog: Log = { ...silentLog, error: console.error };

const inMemory: Pick<Storage, "serversMax" | "serverOptions" | "close"> = {
  serversMax: 1,
  serverOptions: {},
  close: () => Promise.resolve(),
};
