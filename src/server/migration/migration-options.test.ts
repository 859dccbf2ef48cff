import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../command-line.ts";
import { readMigrationOptions } from "./migration-options.ts";

const read = (words: string, environment = {}) =>
  readMigrationOptions(words === "" ? [] : words.split(" "), environment);

const postgres = { kind: "postgres", url: "postgres://h/d" };
const migration = (from: string, dialect = "postgresql") => ({
  kind: "migrate",
  options: { from: { kind: "lmdb", folder: from }, to: postgres, dialect },
});

test("options are taken from the command line, or else from the environment", () => {
  assert.deepEqual(read("--from lmdb:a --to postgres://h/d"), migration("a"));
  assert.deepEqual(
    read("--to=postgres://h/d", { STATOR_FROM: "lmdb:a", STATOR_TO: "lmdb:b", STATOR_POSTGRES_DIALECT: "" }),
    migration("a"),
  );
  assert.deepEqual(
    read("--from lmdb:a --postgres-dialect yugabytedb", {
      STATOR_FROM: "lmdb:b",
      STATOR_TO: "postgres://h/d",
    }),
    migration("a", "yugabytedb"),
  );
});

test("--help wins", () => {
  assert.deepEqual(read("--help --from"), { kind: "help" });
  assert.deepEqual(read("-h"), { kind: "help" });
});

const refusals: readonly (readonly [words: string, message: string])[] = [
  ["", "migrate needs --from URL"],
  ["--from lmdb:a", "migrate needs --to URL"],
  ["--from --to lmdb:a", "--from needs a value"],
  ["--from lmdb:a --to", "--to needs a value"],
  ["--from lmdb:a --to lmdb:b lmdb:c", 'migrate takes no "lmdb:c"'],
  ["--from lmdb:a --to memory:", "--to takes lmdb:DIR or postgres://HOST:PORT/DATABASE"],
  [
    "--from lmdb:a --to lmdb:b --postgres-dialect mysql",
    '--postgres-dialect takes postgresql, cockroachdb, yugabytedb, not "mysql"',
  ],
  ["--port 1", "unknown option --port of migrate"],
];

for (const [words, message] of refusals) {
  test(`migrate ${words} is refused`, () => {
    assert.throws(() => read(words), new UsageError(message));
  });
}
