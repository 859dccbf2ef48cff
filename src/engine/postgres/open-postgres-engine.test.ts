import { after } from "node:test";
import { openTestDatabase } from "../../../test/postgres/test-database.ts";
import { describeEngine } from "../contract.ts";
import type { Engine } from "../engine.ts";
import { openPostgresEngine } from "./open-postgres-engine.ts";
import type { PostgresOptions, Surroundings } from "./postgres-options.ts";

const surroundings: Surroundings = {
  alarm: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};
const databases: { close(): Promise<void> }[] = [];

after(async () => {
  for (const database of databases) await database.close();
});

async function openEngine(options: Partial<PostgresOptions> = {}): Promise<Engine> {
  const database = await openTestDatabase();
  databases.push(database);
  return openPostgresEngine({ url: database.url, ...options }, surroundings);
}

describeEngine("postgres", () => openEngine());
