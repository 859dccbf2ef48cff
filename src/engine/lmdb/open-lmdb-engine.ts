import type { Engine } from "../engine.ts";
import { LmdbEngine } from "./lmdb-engine.ts";
import { openDatabase, type Durability } from "./open-database.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface LmdbOptions {
  readonly folder: string;
  readonly durability: Durability;
}

export async function openLmdbEngine({ folder, durability }: LmdbOptions): Promise<Engine> {
  mkdirSync(folder, { recursive: true });
  return new LmdbEngine(openDatabase(join(folder, "data.mdb"), durability), () => Promise.resolve());
}
