import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerOptions } from "../src/server/start-server.ts";
import { openTestDatabase, testDialect } from "./postgres/test-database.ts";

/** Where the servers of a drill keep their tables, while one after another is killed. */
export interface Storage {
  /** Where to look when something was wrong. */
  readonly place: string;
  /** How many servers can run on it at once. */
  readonly serversMax: number;
  /** What `startServer` has to be told. */
  readonly serverOptions: ServerOptions;
  /** What the command line has to be told, by a server with a name of its own. */
  arguments(server: string): readonly string[];
  /** Waits until nothing is under way any more that a killed server had begun. */
  untilQuiet(server: string): Promise<void>;
  /** Lets go of it. With `keepsData` it stays for a look. */
  close(how?: { readonly keepsData: boolean }): Promise<void>;
}

export const engineNames = ["lmdb", "postgres"] as const;
export type EngineName = (typeof engineNames)[number];

/** The engine that a drill was told to run on. */
export function engineNamed(text: string): EngineName {
  const name = engineNames.find((known) => known === text);
  if (name === undefined) throw new Error(`--engine is one of ${engineNames.join(", ")}`);
  return name;
}

/** An empty place for data: a folder for one server, or a database for any number of them. */
export function openStorage(engine: EngineName): Promise<Storage> {
  return engine === "lmdb" ? Promise.resolve(openFolder()) : openDatabase();
}

function openFolder(): Storage {
  const folder = mkdtempSync(join(tmpdir(), "stator-drill-"));
  return {
    place: folder,
    serversMax: 1,
    serverOptions: { dataFolder: folder, durability: "relaxed" },
    arguments: () => ["--data", folder, "--durability", "strict"],
    untilQuiet: () => Promise.resolve(),
    close: (how) => {
      if (how?.keepsData !== true) rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function openDatabase(): Promise<Storage> {
  const database = await openTestDatabase();
  return {
    place: database.url,
    serversMax: Infinity,
    serverOptions: { engine: database.url, postgres: { dialect: testDialect } },
    arguments: (server) => [
      ...["--engine", database.urlWith(`application_name=${server}`)],
      ...["--postgres-dialect", testDialect],
    ],
    untilQuiet: (server) => untilDisconnected(database.url, server),
    close: (how) => (how?.keepsData === true ? Promise.resolve() : database.close()),
  };
}

/** A session ends once it has done all that was sent to it: a commit too, whose sender is gone. */
async function untilDisconnected(url: string, applicationName: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rowCount } = await client.query("SELECT 1 FROM pg_stat_activity WHERE application_name = $1", [
        applicationName,
      ]);
      if (rowCount === 0) return;
      await delay(5);
    }
  } finally {
    await client.end();
  }
}
