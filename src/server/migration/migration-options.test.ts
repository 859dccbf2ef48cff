import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../command-line.ts";
import { readMigrationOptions } from "./migration-options.ts";

const read = (words: string, environment = {}) =>
  readMigrationOptions(words === "" ? [] : words.split(" "), environment);

test("both sides are taken from the command line, or else from the environment", () => {
  const options = { from: "lmdb:a", to: "postgres://h/d" };
  const migration = { kind: "migrate", options };
  assert.deepEqual(read("--from lmdb:a --to postgres://h/d"), migration);
  assert.deepEqual(read("--to=postgres://h/d", { STATOR_FROM: "lmdb:a" }), migration);
  assert.deepEqual(read("--from lmdb:a", { STATOR_FROM: "lmdb:b", STATOR_TO: "postgres://h/d" }), migration);
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
  ["--port 1", "unknown option --port of migrate"],
];

for (const [words, message] of refusals) {
  test(`migrate ${words} is refused`, () => {
    assert.throws(() => read(words), new UsageError(message));
  });
}
