import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { UsageError } from "../command-line.ts";
import { openSource, parseSide } from "./migration-sides.ts";

test("what keeps nothing is no side of a migration", () => {
  for (const text of ["memory:", "lmdb:", "data", "http://host/db", "postgres:db"]) {
    assert.throws(
      () => parseSide("--to", text),
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
