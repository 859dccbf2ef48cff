/** The two sides of a migration, by their URLs. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { UsageError } from "../command-line.ts";

export type EngineUrl =
  { readonly kind: "lmdb"; readonly folder: string } | { readonly kind: "postgres"; readonly url: string };

/** Throws a `UsageError` for what is no engine that keeps anything. `option` is where `text` stood. */
export function parseEngineUrl(option: string, text: string): EngineUrl {
  if (/^lmdb:./.test(text)) return { kind: "lmdb", folder: text.slice("lmdb:".length) };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: "postgres", url: text };
  throw new UsageError(`${option} takes lmdb:DIR or postgres://HOST:PORT/DATABASE`);
}

/** What an engine is called in messages: nothing of it is secret. */
export function nameOfEngine(engine: EngineUrl): string {
  if (engine.kind === "lmdb") return `lmdb:${resolve(engine.folder)}`;
  const [address = "", query = ""] = engine.url.split(/\?(.*)/s);
  // Behind the last @: a password with one that is not escaped stays a password.
  const place = address.replace(/^[^:]*:\/\/(.*@)?/s, "");
  const schema = new URLSearchParams(query).get("schema");
  return `postgres://${place}${schema === null ? "" : `?schema=${schema}`}`;
}

/** Rejects where there is nothing to copy, rather than make it. */
export async function openSource(engine: EngineUrl): Promise<Engine> {
  if (engine.kind === "lmdb" && !existsSync(join(engine.folder, "stator.json"))) {
    throw new UsageError(`${nameOfEngine(engine)} is no data folder of Stator`);
  }
  return openTarget(engine);
}

export async function openTarget(engine: EngineUrl): Promise<Engine> {
  if (engine.kind === "lmdb") return openLmdbEngine({ folder: engine.folder, durability: "strict" });
  throw new UsageError("PostgreSQL is not there yet");
}
