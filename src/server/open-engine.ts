import { wakefulAlarm } from "../base/alarm.ts";
import type { Log } from "../base/log.ts";
import type { Engine } from "../engine/engine.ts";
import type { PostgresOptions } from "../engine/postgres/postgres-options.ts";
import type { EngineUrl } from "./engine-url.ts";

/** How much is asked of a PostgreSQL cluster. */
export type PostgresSettings = Omit<PostgresOptions, "url" | "onFlush">;

export interface EngineSettings {
  readonly durability?: "strict" | "relaxed" | undefined;
  readonly postgres?: PostgresSettings | undefined;
  readonly log?: Log | undefined;
}

/** Opens an engine, loading no other. Throws `EngineError` when it cannot be had. */
export async function openEngine(where: EngineUrl, settings: EngineSettings = {}): Promise<Engine> {
  switch (where.kind) {
    case "memory": {
      const { openMemoryEngine } = await import("../engine/memory/open-memory-engine.ts");
      return openMemoryEngine();
    }
    case "lmdb": {
      const { openLmdbEngine } = await import("../engine/lmdb/open-lmdb-engine.ts");
      return openLmdbEngine({ folder: where.folder, durability: settings.durability ?? "strict" });
    }
    case "postgres": {
      const { openPostgresEngine } = await import("../engine/postgres/open-postgres-engine.ts");
      const surroundings = { alarm: wakefulAlarm, random: () => Math.random(), log: settings.log };
      return openPostgresEngine({ ...settings.postgres, url: where.url }, surroundings);
    }
  }
}
