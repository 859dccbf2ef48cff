/** The checks of the style find what they are for: each is shown a planted fault and code without it. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  castsIn,
  checkAmbient,
  checkDefaultExports,
  checkErrorTexts,
  checkLintExceptions,
  checkReminders,
} from "./code.ts";
import { checkFolders, checkLayerTable, checkLinks, checkOptionTable } from "./documents.ts";
import {
  checkCycles,
  checkDirection,
  checkMessageImports,
  checkModules,
  checkOrphans,
  importsOf,
} from "./imports.ts";
import {
  checkCommentWidths,
  checkFileLengths,
  checkFunctionLengths,
  checkNames,
  checkOperations,
} from "./sizes.ts";
import type { SourceFile } from "./source-file.ts";

function file(path: string, text = ""): SourceFile {
  return { path, text };
}

/** What a check says of `files`, without what comes behind its first clause. */
function gist(complaints: readonly string[]): string[] {
  return complaints.map((complaint) => complaint.replace(/[.,] .*$/s, ""));
}

test("every way to import a file is seen", () => {
  const text = `
    import { a } from "./a.ts";
    import type { B } from "../store/b.ts";
    import "./c.ts";
    export { d } from "./d.ts";
    export * from "node:path";
    const e = await import("./e.ts");
    type F = import("./f.ts").F;
    // import { g } from "./g.ts";
  `;
  assert.deepEqual(importsOf(file("src/model/x.ts", text)), [
    "src/model/a.ts",
    "src/store/b.ts",
    "src/model/c.ts",
    "src/model/d.ts",
    "node:path",
    "src/model/e.ts",
    "src/model/f.ts",
  ]);
});

test("an import that points up is found", () => {
  const check = (path: string, text: string) => gist(checkDirection([file(path, text)]));
  assert.deepEqual(check("src/store/a.ts", 'import { b } from "../engine/b.ts";'), []);
  assert.deepEqual(check("src/store/a.ts", 'import { b } from "../expressions/b.ts";'), [
    "src/store/a.ts imports src/expressions/b.ts",
  ]);
  assert.deepEqual(check("src/base/a.ts", 'import type { B } from "../model/b.ts";'), [
    "src/base/a.ts imports src/model/b.ts",
  ]);
  assert.deepEqual(check("src/store/a.ts", 'import { b } from "../../test/b.ts";'), [
    "src/store/a.ts imports test/b.ts",
  ]);
  assert.deepEqual(check("src/store/a.test.ts", 'import { b } from "../../test/b.ts";'), []);
  assert.deepEqual(check("src/extra/a.ts", ""), ["src/extra/a.ts: extra is no layer"]);
});

test("a module outside its home is found", () => {
  const check = (path: string, text: string) => gist(checkModules([file(path, text)]));
  assert.deepEqual(check("src/engine/lmdb/a.ts", 'import { open } from "lmdb";'), []);
  assert.deepEqual(check("src/store/a.ts", 'import { open } from "lmdb";'), ["src/store/a.ts imports lmdb"]);
  assert.deepEqual(check("src/store/a.ts", 'import { get } from "node:http";'), [
    "src/store/a.ts imports node:http",
  ]);
  assert.deepEqual(check("src/store/a.ts", 'import leftPad from "left-pad";'), [
    "src/store/a.ts imports left-pad",
  ]);
  assert.deepEqual(check("src/store/a.ts", 'import { hash } from "node:crypto";'), []);
});

test("a circle of imports is found", () => {
  const a = file("src/base/a.ts", 'import "./b.ts";');
  const b = file("src/base/b.ts", 'import "./c.ts";');
  assert.deepEqual(checkCycles([a, b, file("src/base/c.ts")]), []);
  assert.deepEqual(gist(checkCycles([a, b, file("src/base/c.ts", 'import type { A } from "./a.ts";')])), [
    "src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts is a circle of imports",
  ]);
});

test("a file that nobody uses is found", () => {
  const used = file("src/base/a.ts");
  const user = file("src/server/main.ts", 'import "../base/a.ts";');
  const tested = file("src/base/b.ts");
  const itsTest = file("src/base/b.test.ts", 'import "./b.ts";');
  const script = file("scripts/c.ts");
  assert.deepEqual(checkOrphans([used, user], ""), []);
  assert.deepEqual(gist(checkOrphans([tested, itsTest], "")), [
    "src/base/b.ts is imported by nothing but tests",
  ]);
  assert.deepEqual(gist(checkOrphans([script], "")), ["scripts/c.ts is imported by nothing but tests"]);
  assert.deepEqual(checkOrphans([script], "node scripts/c.ts"), []);
});

test("what is too long is found", () => {
  const long = "x;\n".repeat(501);
  assert.deepEqual(gist(checkFileLengths([file("src/base/a.ts", long)])), ["src/base/a.ts has 501 lines"]);
  assert.deepEqual(checkFileLengths([file("src/base/a.ts", long.slice(3))]), []);
  assert.deepEqual(checkFileLengths([file("src/model/a.generated.ts", long)]), []);
  const body = "x;\n".repeat(59);
  for (const head of ["function f() {", "const f = () => {", "class C { m() {"]) {
    const tail = head.includes("class") ? "}}" : "}";
    assert.deepEqual(gist(checkFunctionLengths([file("src/base/a.ts", `${head}\n${body}${tail}`)])), [
      "src/base/a.ts:1 has a function of 61 lines",
    ]);
    assert.deepEqual(checkFunctionLengths([file("src/base/a.ts", `${head}\n${body.slice(3)}${tail}`)]), []);
  }
  const comment = `/** ${"word ".repeat(24)}*/`;
  assert.deepEqual(gist(checkCommentWidths([file("src/base/a.ts", `\n${comment}`)])), [
    "src/base/a.ts:2 is a comment wider than 120 columns",
  ]);
});

test("names that say nothing are found", () => {
  const check = (path: string) => gist(checkNames([file(path)]));
  assert.deepEqual(check("src/base/clock.test.ts"), []);
  assert.deepEqual(check("src/base/utils/clock.ts"), ['src/base/utils/clock.ts: "utils" says nothing']);
  assert.deepEqual(check("src/store/table-manager.ts"), [
    'src/store/table-manager.ts: "manager" says nothing',
  ]);
  assert.deepEqual(check("src/store/readPage.ts"), [
    'src/store/readPage.ts: "readPage.ts" is not in kebab-case',
  ]);
});

test("reading the clock, randomness, timers or the environment is found", () => {
  const faults = [
    "Date.now()",
    "new Date()",
    "Math.random()",
    "setTimeout(f, 1)",
    "process.env",
    "randomUUID()",
  ];
  for (const fault of faults) {
    const text = `const x = ${fault};`;
    assert.equal(checkAmbient([file("src/store/a.ts", text)]).length, 1, fault);
    assert.deepEqual(checkAmbient([file("src/server/a.ts", text), file("src/store/a.test.ts", text)]), []);
  }
  assert.deepEqual(
    checkAmbient([file("src/store/a.ts", "const x = new Date(clock.now()); // Date.now()")]),
    [],
  );
});

test("an error text outside its home is found", () => {
  const faults = [
    'throw invalid("No");',
    "throw invalidRequest(`No ${x}`);",
    'throw new ServiceError("ValidationException", "No" + x);',
    'throw invalid(x ? "a" : "b");',
  ];
  for (const fault of faults) {
    assert.equal(checkErrorTexts([file("src/store/a.ts", fault)]).length, 1, fault);
    assert.deepEqual(checkErrorTexts([file("src/model/messages/a.ts", fault)]), []);
  }
  assert.deepEqual(checkErrorTexts([file("src/store/a.ts", "throw invalid(tooLong(3));")]), []);
  assert.deepEqual(
    gist(
      checkMessageImports([file("src/store/a.test.ts", 'import { x } from "../model/messages/keys.ts";')]),
    ),
    ["src/store/a.test.ts imports an error text"],
  );
});

test("default exports, type assertions and switched-off checks are found", () => {
  for (const text of [
    "export default 1;",
    "export default function f() {}",
    "const x = 1; export { x as default };",
  ]) {
    assert.equal(checkDefaultExports([file("src/base/a.ts", text)]).length, 1, text);
  }
  assert.deepEqual(checkDefaultExports([file("src/base/a.ts", "switch (x) { default: f(); }")]), []);
  const casts = "const a = b as C; const d = [1] as const; const e = f as unknown as G;";
  assert.equal(castsIn([file("src/base/a.ts", casts)]).length, 3);
  assert.equal(
    checkLintExceptions([file("src/base/a.ts", ["// eslint-", "disable-next-line"].join(""))]).length,
    1,
  );
});

test("a reminder without a number is found", () => {
  const word = "TO" + "DO";
  assert.equal(checkReminders([file("src/base/a.ts", `// ${word}: later`)]).length, 1);
  assert.deepEqual(checkReminders([file("src/base/a.ts", `// ${word}(#12): later`)]), []);
});

test("an operation without registry entry or test is found", () => {
  const operation = file(
    "src/operations/dynamodb/get-item.ts",
    'export const getItem = defineOperation({\n  name: "GetItem",\n});',
  );
  const registry = file(
    "src/operations/registry.ts",
    'import { getItem } from "./dynamodb/get-item.ts";\nconst x = { GetItem: getItem, };',
  );
  const itsTest = file("test/conformance/get-item.test.ts");
  assert.deepEqual(checkOperations([operation, registry, itsTest]), []);
  assert.deepEqual(gist(checkOperations([operation])), [
    "src/operations/dynamodb/get-item.ts is not in src/operations/registry.ts",
    "src/operations/dynamodb/get-item.ts has no test",
  ]);
  assert.deepEqual(gist(checkOperations([file("src/operations/dynamodb/keys.ts"), registry])).slice(0, 1), [
    "src/operations/dynamodb/keys.ts does not define Keys as keys",
  ]);
});

test("a document that does not tell the truth is found", () => {
  const files = [file("src/base/a.ts"), file("src/engine/lmdb/b.ts")];
  const map = (text: string) => file("MAP.md", text);
  assert.deepEqual(checkFolders(map("`base/` `engine/` `engine/lmdb/` `docs/decisions/`"), files), []);
  assert.deepEqual(gist(checkFolders(map("`base/` `engine/` `values/`"), files)), [
    "MAP.md does not name `engine/lmdb/`",
    "MAP.md names `values/`",
  ]);
  const layers = { base: [], model: ["base"], server: ["base", "model"] };
  const table = "| `base/` | x | nothing |\n| `model/` | x | base |\n| `server/` | x | everything |\n";
  assert.deepEqual(checkLayerTable(map(table), layers), []);
  assert.equal(checkLayerTable(map(table.replace("| base |", "| nothing |")), layers).length, 1);
  assert.deepEqual(checkLinks([map("[a](docs/a.md#x) [b](https://b) [c](#c)")], new Set(["docs/a.md"])), []);
  assert.deepEqual(gist(checkLinks([map("[a](docs/b.md)")], new Set(["docs/a.md"]))), [
    "MAP.md links to docs/b.md",
  ]);
  const option = { name: "port", variable: "STATOR_PORT", fallback: "8000" };
  assert.deepEqual(checkOptionTable(map("| `--port NUMBER` | `STATOR_PORT` | `8000` | x |"), [option]), []);
  assert.equal(checkOptionTable(map("| `--port NUMBER` | `STATOR_PORT` | `8001` | x |"), [option]).length, 1);
});
