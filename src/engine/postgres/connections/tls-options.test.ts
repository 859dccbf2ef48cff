import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EngineError } from "../../engine.ts";
import { parseDatabaseUrl } from "./database-url.ts";
import { tlsOptions } from "./tls-options.ts";

const optionsOf = (query: string) => tlsOptions(parseDatabaseUrl(`postgres://db?${query}`).tls);

test("only what verifies says so to Node", () => {
  assert.equal(optionsOf("sslmode=disable"), false);
  for (const mode of ["allow", "prefer", "require"]) {
    assert.deepEqual(optionsOf(`sslmode=${mode}`), { rejectUnauthorized: false });
  }
  assert.deepEqual(optionsOf("sslmode=verify-full&sslrootcert=system"), { rejectUnauthorized: true });
  const { checkServerIdentity, ...options } = optionsOf("sslmode=verify-ca") || {};
  assert.deepEqual(options, { rejectUnauthorized: true });
  assert.equal(checkServerIdentity?.("any", {} as never), undefined);
});

test("certificates and keys are read from the files that the URL names", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "stator-tls-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  for (const name of ["ca", "certificate", "key"]) writeFileSync(join(folder, name), name);
  const files = `sslrootcert=${folder}/ca&sslcert=${folder}/certificate&sslkey=${folder}/key&sslpassword=secret`;
  assert.deepEqual(optionsOf(`sslmode=verify-full&${files}`), {
    rejectUnauthorized: true,
    ca: Buffer.from("ca"),
    cert: Buffer.from("certificate"),
    key: Buffer.from("key"),
    passphrase: "secret",
  });
  assert.throws(
    () => optionsOf(`sslmode=require&sslcert=${folder}/none`),
    (error) =>
      error instanceof EngineError &&
      error.message.startsWith(
        "a certificate or key that the URL of the database names cannot be read: ENOENT",
      ),
  );
});
