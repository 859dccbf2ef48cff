import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { functionTargets, parseFunctions } from "./function-targets.ts";

const here = fileURLToPath(import.meta.url);

test("a function is a module by its path or file URL, or an endpoint", () => {
  const targets = functionTargets({
    path: "src/server/main.ts",
    file: import.meta.url,
    ["__proto__"]: "http://127.0.0.1:9/a?b=c",
    far: "https://example.com",
  });
  assert.deepEqual(
    [...targets],
    [
      ["path", { kind: "module", path: here.replace("function-targets.test.ts", "main.ts") }],
      ["file", { kind: "module", path: here }],
      ["__proto__", { kind: "url", url: "http://127.0.0.1:9/a?b=c" }],
      ["far", { kind: "url", url: "https://example.com" }],
    ],
  );
});

test("a module that is not there is told at the start", () => {
  assert.throws(() => functionTargets({ lost: "/nowhere/lost.mjs" }), {
    message: "the function lost has no module: /nowhere/lost.mjs is no file",
  });
});

test("names that Lambda would not take are refused", () => {
  for (const name of ["", "a b", "a:b", "a".repeat(65)]) {
    assert.throws(() => functionTargets({ [name]: here }), /there can be no function/);
    assert.equal(parseFunctions([`${name}=${here}`]), undefined);
  }
});

test("functions are read from texts, and the last of a name counts", () => {
  const texts = ["a=./a.mjs", "b=https://example.com/?c=d", "a=./b.mjs"];
  assert.deepEqual(parseFunctions(texts), { a: "./b.mjs", b: "https://example.com/?c=d" });
  for (const text of ["", "a", "a=", "=a"]) assert.equal(parseFunctions([text]), undefined, text);
});
