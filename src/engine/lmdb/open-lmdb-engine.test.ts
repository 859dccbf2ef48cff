import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { describeEngine } from "../contract.ts";
import { openLmdbEngine } from "./open-lmdb-engine.ts";

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stator-lmdb-"));
  folders.push(folder);
  return folder;
}

after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

for (const durability of ["strict", "relaxed"] as const) {
  describeEngine(`lmdb, ${durability}`, async () =>
    openLmdbEngine({ folder: await newFolder(), durability }),
  );
}
