import { EngineError, type Engine } from "../engine.ts";
import { openConnections } from "./connections/open-connections.ts";
import { dialects } from "./dialects.ts";
import { PostgresEngine } from "./postgres-engine.ts";
import type { PostgresOptions, Surroundings } from "./postgres-options.ts";

/**
 * An engine that keeps everything in a PostgreSQL database, with any number of servers on it. Makes its tables where
 * there are none. Throws `EngineError` when the database cannot be reached or used.
 */
export async function openPostgresEngine(
  options: PostgresOptions,
  surroundings: Surroundings,
): Promise<Engine> {
  const { dialect = "postgresql", eventualReads = "primary", queueMax = 1_000 } = options;
  const connections = openConnections(options, surroundings);
  const engine = new PostgresEngine(connections, {
    dialect: dialects[dialect],
    eventualReads,
    waitingMax: queueMax,
    surroundings,
  });
  try {
    await engine.prepare();
    return engine;
  } catch (error) {
    await engine.close();
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`the database cannot be used: ${reason}`, { cause: error });
  }
}
