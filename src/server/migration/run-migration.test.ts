/** The command as a process of its own: what it prints, what it leaves when it is killed, how it ends. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { globalIndex } from "../../../test/fixtures/indexes.ts";
import { openTestDatabase } from "../../../test/postgres/test-database.ts";
import { putSong, song, tableDefinition } from "../../../test/fixtures/tables.ts";
import { openLmdbEngine } from "../../engine/lmdb/open-lmdb-engine.ts";
import { takeInventory, type Inventory } from "../../store/migration/inventory.ts";
import { openStore } from "../../store/open-store.ts";
import { startServer, type ServerOptions } from "../start-server.ts";
import { openEngine } from "../open-engine.ts";
import { parseSide } from "./migration-sides.ts";

const main = join(import.meta.dirname, "../main.ts");
const timeoutMs = 60_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end, or until it is killed because it has written `killAt` to standard error. */
async function stator(words: readonly string[], killAt?: string): Promise<Ended> {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", main, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (killAt !== undefined && stderr.includes(killAt)) child.kill("SIGKILL");
  });
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "stator-migration-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function fill(folder: string, songs: number): Promise<void> {
  const engine = await openLmdbEngine({ folder, durability: "relaxed" });
  const store = openStore({ engine, clock: { now: () => 1_790_000_000_000 }, onWork: () => undefined });
  const table = await store.tables.create(tableDefinition({ indexes: [globalIndex()], nextIndexId: 2 }));
  assert.ok(table);
  const genre = { S: "soul" };
  const all = Array.from({ length: songs }, (_, track) =>
    putSong(table, song(`artist ${track % 100}`, track, { genre, year: { N: String(track) } })),
  );
  await Promise.all(all.map((write) => store.write([write])));
  await engine.close();
}

async function inventoryOf(url: string): Promise<Inventory> {
  const engine = await openEngine(parseSide("--to", url));
  try {
    return await takeInventory(engine, () => undefined);
  } finally {
    await engine.close();
  }
}

test(
  "a migration to PostgreSQL and back goes on where it was killed, and servers refuse what is unfinished",
  { timeout: timeoutMs },
  async (context) => {
    const parent = folderFor(context);
    const database = await openTestDatabase();
    context.after(() => database.close());
    const [first, last] = [join(parent, "first"), join(parent, "last")];
    const songs = 10_000;
    await fill(first, songs);
    const places = [
      { url: `lmdb:${first}`, server: { dataFolder: first } },
      { url: database.url, server: { engine: database.url } },
      { url: `lmdb:${last}`, server: { dataFolder: last } },
    ];
    const inventories: Inventory[] = [];
    for (const [index, { url: to, server }] of places.entries()) {
      const from = places[index - 1]?.url;
      if (from !== undefined) await moveWithKill({ from, to, server });
      inventories.push(await inventoryOf(to));
    }
    const [before, ...copies] = inventories;
    assert.deepEqual(copies, [before, before]);
    assert.equal(before?.tallies.get(1)?.get(0)?.count, songs);
    assert.equal(before.tallies.get(1)?.get(1)?.count, songs);

    const again = await stator(["migrate", "--from", `lmdb:${first}`, "--to", `lmdb:${last}`]);
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /\nstator: the target holds data already: give a new folder, or a database or schema that is empty\n$/,
    );
  },
);

interface Move {
  readonly from: string;
  readonly to: string;
  /** The options of a server on the target. */
  readonly server: ServerOptions;
}

async function moveWithKill({ from, to, server }: Move): Promise<void> {
  const words = ["migrate", "--from", from, "--to", to];
  const killed = await stator(words, "copying: ");
  assert.equal(killed.code, null, killed.stderr);
  await assert.rejects(startServer(server), {
    message: /^the data is an unfinished copy of \S+: run the same "stator migrate" again to finish it$/,
  });
  const { code, stdout, stderr } = await stator(words);
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^Copying \S+ to \S+\.\n(No server .+\n)?Going on with an earlier attempt, behind [1-9][\d,]* entries\.\n/,
  );
  assert.match(stdout, /Music: items +10,000 /);
  assert.match(
    stdout,
    /The copy holds what the source holds: 20,\d{3} entries, .+ the counts of 1 table\.\n$/,
  );
}

test("a mistake is told in one line", { timeout: timeoutMs }, async (context) => {
  const parent = folderFor(context);
  const missing = await stator([
    "migrate",
    "--from",
    `lmdb:${join(parent, "none")}`,
    "--to",
    `lmdb:${join(parent, "target")}`,
  ]);
  assert.deepEqual(missing, {
    code: 2,
    stdout: "",
    stderr: `stator: lmdb:${join(parent, "none")} is no data folder of Stator. See stator migrate --help\n`,
  });
  const help = await stator(["migrate", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: stator migrate --from URL --to URL\n/);
});
