/** The style of the project as a test. Each complaint says what to do instead. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import test from "node:test";
import { optionNames, options, variableOf } from "../src/server/option-table.ts";
import {
  castsIn,
  checkAmbient,
  checkDefaultExports,
  checkErrorTexts,
  checkLintExceptions,
  checkReminders,
} from "./tidy/code.ts";
import { checkFolders, checkLayerTable, checkLinks, checkOptionTable } from "./tidy/documents.ts";
import {
  checkCycles,
  checkDirection,
  checkMessageImports,
  checkModules,
  checkOrphans,
  layers,
} from "./tidy/imports.ts";
import {
  checkCommentWidths,
  checkFileLengths,
  checkFunctionLengths,
  checkNames,
  checkOperations,
} from "./tidy/sizes.ts";
import { filesUnder, type SourceFile } from "./tidy/source-file.ts";

/** Type assertions in `src/`. May only fall: lower it when you take one out. */
const castsMax = 19;

const code = ["src", "test", "bench", "scripts"].flatMap((folder) => filesUnder(folder, [".ts", ".js"]));
const everything = filesUnder("", [""]);
const documents = everything.filter(({ path }) => path.endsWith(".md"));

function assertNone(complaints: readonly string[]): void {
  assert.ok(complaints.length === 0, complaints.join("\n"));
}

function document(path: string): SourceFile {
  const found = documents.find((candidate) => candidate.path === path);
  assert.ok(found !== undefined, `there is no ${path}`);
  return found;
}

test("every import points down", () => {
  assertNone(checkDirection(code));
});

test("no files import each other in a circle", () => {
  assertNone(checkCycles(code));
});

test("each foreign module has one home", () => {
  assertNone(checkModules(code));
});

test("every file is used", () => {
  const configuration = everything
    .filter(({ path }) => path === "package.json" || path === ".ci/run")
    .map(({ text }) => text)
    .join("\n");
  assertNone(checkOrphans(code, configuration));
});

test("files and functions are short, and comments are narrow", () => {
  assertNone(checkFileLengths(code));
  assertNone(checkFunctionLengths(code));
  assertNone(checkCommentWidths(code));
});

test("files and folders have telling names", () => {
  assertNone(checkNames(code));
});

test("only base and server read the clock, randomness, timers and the environment", () => {
  assertNone(checkAmbient(code));
});

test("error texts have one home, and tests do not borrow them", () => {
  assertNone(checkErrorTexts(code));
  assertNone(checkMessageImports(code));
});

test("nothing is exported without a name", () => {
  assertNone(checkDefaultExports(code));
});

test("the number of type assertions only falls", () => {
  const casts = castsIn(code);
  assert.ok(
    casts.length <= castsMax,
    `more than ${castsMax}: ask the compiler instead of telling it\n${casts.join("\n")}`,
  );
  assert.equal(castsMax, casts.length, `there are fewer now: lower castsMax to ${casts.length}`);
});

test("no reminder is left without an issue, and no check is switched off", () => {
  assertNone(checkReminders(code));
  assertNone(checkLintExceptions(code.filter(({ path }) => path.startsWith("src/"))));
});

test("every operation has its file, its entry in the registry and its test", () => {
  assertNone(checkOperations(code));
});

test("ARCHITECTURE.md names exactly the folders of src and tells the layers as they are", () => {
  const architecture = document("ARCHITECTURE.md");
  assertNone(checkFolders(architecture, everything));
  assertNone(checkLayerTable(architecture, layers));
  assert.ok(
    architecture.text.split("\n").length <= 300,
    "ARCHITECTURE.md is a map: keep it within 300 lines",
  );
});

test("README.md tells every option", () => {
  const told = optionNames.map((name) => ({
    name,
    variable: variableOf(name),
    fallback: options[name].fallback,
  }));
  assertNone(checkOptionTable(document("README.md"), told));
});

test("links between documents lead somewhere", () => {
  const paths = new Set(everything.flatMap(({ path }) => [path, ...foldersAbove(path)]));
  assertNone(checkLinks(documents, paths));
});

function foldersAbove(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersAbove(folder)];
}
