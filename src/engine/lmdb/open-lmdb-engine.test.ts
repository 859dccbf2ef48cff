import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { describeEngine } from "../contract.ts";
import { entriesOf, putAll } from "../contract/contract-case.ts";
import { openLmdbEngine } from "./open-lmdb-engine.ts";

const root = await mkdtemp(join(tmpdir(), "stator-lmdb-"));
let folders = 0;

/** A path where there is nothing yet. */
function newFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

after(() => rm(root, { recursive: true, force: true }));

const engineError = (message: RegExp) => ({ name: "EngineError", message });

for (const durability of ["strict", "relaxed"] as const) {
  describeEngine(`lmdb, ${durability}`, () => openLmdbEngine({ folder: newFolder(), durability }));
}

describe("what is on disk", { concurrency: false }, () => {
  test("is there again after closing, under either durability", async () => {
    const folder = newFolder();
    for (const [index, durability] of (
      ["strict", "relaxed", "relaxed", "strict", "strict"] as const
    ).entries()) {
      const engine = await openLmdbEngine({ folder, durability });
      await putAll(engine, { [`round ${index}`]: durability });
      assert.equal(Object.keys(await entriesOf(engine)).length, index + 1);
      await engine.close();
    }
  });

  test("keeps its size when the same keys are written over and over", async () => {
    const folder = newFolder();
    const engine = await openLmdbEngine({ folder, durability: "relaxed" });
    const value = "v".repeat(2_000);
    const entries = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key ${index}`, value]));
    for (let round = 0; round < 50; round++) await putAll(engine, entries);
    await engine.close();
    const { size } = await stat(join(folder, "data.mdb"));
    assert.ok(size < 8_000_000, `${size} bytes for 400,000 of data`);
  });
});

describe("a data folder", { concurrency: false }, () => {
  test("is made with the folders above it", async () => {
    const folder = join(newFolder(), "deep", "down");
    await (await openLmdbEngine({ folder, durability: "strict" })).close();
    assert.ok((await readdir(folder)).includes("stator.json"));
  });

  test("is refused while this process has it open, and free again after close", async () => {
    const folder = newFolder();
    const first = await openLmdbEngine({ folder, durability: "strict" });
    const again = openLmdbEngine({ folder: join(folder, "..", String(folders)), durability: "strict" });
    await assert.rejects(
      again,
      engineError(/^data folder .* is in use by process \d+, which may be this one$/),
    );
    await putAll(first, { still: "works" });
    await first.close();
    const second = await openLmdbEngine({ folder, durability: "strict" });
    assert.deepEqual(await entriesOf(second), { still: "works" });
    await second.close();
  });

  test("is refused while another process has it open, and free once that is killed", async () => {
    const folder = newFolder();
    const module = new URL("./open-lmdb-engine.ts", import.meta.url).href;
    const script = `const { openLmdbEngine } = await import(${JSON.stringify(module)});
      const options = { folder: ${JSON.stringify(folder)}, durability: "strict" };
      await openLmdbEngine(options);
      // Its own second attempt, refused, must not loosen its hold.
      await openLmdbEngine(options).catch(() => console.log("open")); setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    for (let attempt = 0; attempt < 3; attempt++) {
      const refused = openLmdbEngine({ folder, durability: "strict" });
      await assert.rejects(
        refused,
        engineError(new RegExp(`^data folder .* is in use by process ${child.pid}$`)),
      );
    }
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await openLmdbEngine({ folder, durability: "strict" })).close();
  });

  test("is refused when a file stands in its place", async () => {
    const folder = newFolder();
    await writeFile(folder, "");
    for (const wrong of [folder, join(folder, "below")]) {
      const refused = openLmdbEngine({ folder: wrong, durability: "strict" });
      await assert.rejects(refused, engineError(/^data folder .* cannot be used: .+$/));
    }
  });

  test(
    "is refused when it cannot be written",
    { skip: process.getuid?.() === 0 && "root may write everywhere" },
    async () => {
      const folder = newFolder();
      await mkdir(folder);
      await chmod(folder, 0o500);
      const refused = openLmdbEngine({ folder, durability: "strict" });
      await assert.rejects(refused, engineError(/^data folder .* cannot be used: EACCES.*$/));
    },
  );

  test("is refused, and left alone, when it is somebody else's", async () => {
    const folder = newFolder();
    await mkdir(folder);
    await writeFile(join(folder, "letter.txt"), "dear");
    const refused = openLmdbEngine({ folder, durability: "strict" });
    await assert.rejects(refused, engineError(/holds "letter\.txt" but no stator\.json/));
    assert.deepEqual(await readdir(folder), ["letter.txt"]);
  });

  test("is refused when a newer version wrote it, or its first file is broken", async () => {
    const refusals: [string, RegExp][] = [
      [`{"version":2}`, /has format 2, this program reads up to 1$/],
      [`{"version":1,"unflushedIn":7}`, /has a stator\.json that is not Stator's$/],
      ["{}", /has a stator\.json that is not Stator's$/],
      ["null", /has a stator\.json that is not Stator's$/],
      ["\0", /has a stator\.json that is not Stator's$/],
    ];
    for (const [text, message] of refusals) {
      const folder = newFolder();
      await mkdir(folder);
      await writeFile(join(folder, "stator.json"), text);
      await assert.rejects(openLmdbEngine({ folder, durability: "strict" }), engineError(message));
    }
  });

  test("left open by a relaxed engine is taken up in the same boot of the machine, and refused in a later one", async () => {
    const folder = newFolder();
    const format = join(folder, "stator.json");
    const engine = await openLmdbEngine({ folder, durability: "relaxed" });
    await putAll(engine, { a: "1" });
    const whileOpen = await readFile(format, "utf8");
    await engine.close();
    assert.deepEqual(JSON.parse(await readFile(format, "utf8")), { version: 1 });
    for (const durability of ["strict", "relaxed"] as const) {
      await writeFile(format, `{"version":1,"unflushedIn":"an earlier boot"}`);
      const refused = openLmdbEngine({ folder, durability });
      await assert.rejects(
        refused,
        engineError(/was open with relaxed durability when the machine went down/),
      );
      await writeFile(format, whileOpen);
      const again = await openLmdbEngine({ folder, durability });
      assert.deepEqual(await entriesOf(again), { a: "1" });
      await again.close();
      assert.deepEqual(JSON.parse(await readFile(format, "utf8")), { version: 1 });
    }
  });

  test("may be the root of a disk", async () => {
    const folder = newFolder();
    await mkdir(join(folder, "lost+found"), { recursive: true });
    await (await openLmdbEngine({ folder, durability: "strict" })).close();
  });

  test("with a file that is no database is refused and not left locked", async () => {
    for (const name of ["data.mdb", "in-use.mdb"]) {
      const folder = newFolder();
      await (await openLmdbEngine({ folder, durability: "strict" })).close();
      const original = await readFile(join(folder, name));
      await writeFile(join(folder, name), "dear reader, ".repeat(5_000));
      const refused = openLmdbEngine({ folder, durability: "strict" });
      await assert.rejects(refused, engineError(/^data folder .* cannot be used: \S+ is no database$/));
      await writeFile(join(folder, name), original);
      await (await openLmdbEngine({ folder, durability: "strict" })).close();
    }
  });
});
