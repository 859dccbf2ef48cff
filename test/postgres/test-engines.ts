import type { Engine } from "../../src/engine/engine.ts";
import { openPostgresEngine } from "../../src/engine/postgres/open-postgres-engine.ts";
import type { PostgresOptions, Surroundings } from "../../src/engine/postgres/postgres-options.ts";
import { openTestDatabase, testDialect } from "./test-database.ts";

/** Engines for tests, all in one database. */
export interface TestEngines {
  /** The URL of tables that nobody has used yet, and that are not even there. */
  newUrl(): string;
  /** Opens an engine, on tables of its own unless a URL is given. Whoever opens it closes it. */
  open(options?: Partial<PostgresOptions>): Promise<Engine>;
  close(): Promise<void>;
}

/** What an engine takes from outside, as a server hands it in. */
export const testSurroundings: Surroundings = {
  alarm: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};

/** Servers that lock each other up notice that sooner than usual, to be quick. */
const parameters = "options=-c%20deadlock_timeout=20ms";

export async function openTestEngines(): Promise<TestEngines> {
  const database = await openTestDatabase();
  let schemas = 0;
  const newUrl = () => database.urlWith(`schema=tables_${String(++schemas)}`, parameters);
  return {
    newUrl,
    open: (options) =>
      openPostgresEngine({ url: newUrl(), dialect: testDialect, ...options }, testSurroundings),
    close: () => database.close(),
  };
}
