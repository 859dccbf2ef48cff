/** The two sides of a migration. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { UsageError } from "../command-line.ts";
import { nameOfEngine, parseEngineUrl, type EngineUrl } from "../engine-url.ts";
import { openEngine, type EngineSettings } from "../open-engine.ts";

/** Throws a `UsageError` for what is no engine that keeps anything. `option` is where `text` stood. */
export function parseSide(option: string, text: string): EngineUrl {
  const engine = parseEngineUrl(text);
  if (engine !== undefined && engine.kind !== "memory") return engine;
  throw new UsageError(`${option} takes lmdb:DIR or postgres://HOST:PORT/DATABASE`);
}

/** Rejects where there is nothing to copy, rather than make it. */
export async function openSource(engine: EngineUrl, settings?: EngineSettings): Promise<Engine> {
  if (engine.kind === "lmdb" && !existsSync(join(engine.folder, "stator.json"))) {
    throw new UsageError(`${nameOfEngine(engine)} is no data folder of Stator`);
  }
  return openEngine(engine, settings);
}
