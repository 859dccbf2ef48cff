import assert from "node:assert/strict";
import { resolve } from "node:path";
import test from "node:test";
import { nameOfEngine, parseEngineUrl } from "./engine-url.ts";

test("an engine is told by the scheme of its URL", () => {
  assert.deepEqual(
    ["memory:", "lmdb:data", "lmdb:/a b", "postgres://host/db", "postgresql://"].map(parseEngineUrl),
    [
      { kind: "memory" },
      { kind: "lmdb", folder: "data" },
      { kind: "lmdb", folder: "/a b" },
      { kind: "postgres", url: "postgres://host/db" },
      { kind: "postgres", url: "postgresql://" },
    ],
  );
});

test("what is no URL of an engine is none", () => {
  for (const text of ["", "data", "memory", "memory:x", "lmdb:", "postgres:db", "http://host", "toString:"]) {
    assert.equal(parseEngineUrl(text), undefined, text);
  }
});

test("nothing secret is in the name of an engine", () => {
  const names = [
    "memory:",
    "lmdb:data",
    "postgres://host/db",
    "postgresql://user:secret@host:5432,other:5433/db",
    "postgres://user:sec@r/et@host/db?password=secret&sslpassword=secret&schema=mine",
    "postgres:///db?host=/run&user=me&password=secret",
  ].map((text) => nameOfEngine(parseEngineUrl(text) ?? assert.fail(text)));
  assert.deepEqual(names, [
    "memory:",
    `lmdb:${resolve("data")}`,
    "postgres://host/db",
    "postgres://host:5432,other:5433/db",
    "postgres://host/db?schema=mine",
    "postgres:///db",
  ]);
});
