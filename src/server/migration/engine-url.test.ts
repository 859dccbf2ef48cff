import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import test from "node:test";
import { UsageError } from "../command-line.ts";
import { nameOfEngine, openSource, parseEngineUrl } from "./engine-url.ts";

test("nothing secret is in the name of an engine", () => {
  const names = [
    "lmdb:data",
    "postgres://host/db",
    "postgresql://user:secret@host:5432,other:5433/db",
    "postgres://user:sec@r/et@host/db?password=secret&sslpassword=secret&schema=mine",
    "postgres:///db?host=/run&user=me&password=secret",
  ].map((text) => nameOfEngine(parseEngineUrl("--from", text)));
  assert.deepEqual(names, [
    `lmdb:${resolve("data")}`,
    "postgres://host/db",
    "postgres://host:5432,other:5433/db",
    "postgres://host/db?schema=mine",
    "postgres:///db",
  ]);
});

test("what keeps nothing is no side of a migration", () => {
  for (const text of ["memory:", "lmdb:", "data", "http://host/db", "postgres:db"]) {
    assert.throws(
      () => parseEngineUrl("--to", text),
      new UsageError("--to takes lmdb:DIR or postgres://HOST:PORT/DATABASE"),
    );
  }
});

test("a source that is not there is told, and not made", async (context) => {
  const parent = mkdtempSync(join(tmpdir(), "stator-source-"));
  context.after(() => {
    rmSync(parent, { recursive: true });
  });
  const folder = join(parent, "typo");
  const message = `lmdb:${folder} is no data folder of Stator`;
  await assert.rejects(openSource({ kind: "lmdb", folder }), new UsageError(message));
  assert.equal(existsSync(folder), false);
});
