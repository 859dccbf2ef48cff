import { posix } from "node:path";
import ts from "typescript";
import {
  isGenerated,
  isTest,
  lineOf,
  nodesOf,
  placeOf,
  treeOf,
  type Complaint,
  type SourceFile,
} from "./source-file.ts";

const fileLinesMax = 500;
const functionLinesMax = 60;
const commentColumnsMax = 120;

/** Files that may be longer, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  "src/expressions/reserved-words.ts": "a table: the reserved words, one a line",
};

export function checkFileLengths(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => !isGenerated(file) && longFiles[file.path] === undefined)
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > fileLinesMax)
    .map(
      ({ path, lines }) =>
        `${path} has ${lines} lines, at most ${fileLinesMax}. Find the two subjects in it and part them`,
    );
}

/** Tests are left out: their functions are lists of cases. */
export function checkFunctionLengths(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => !isGenerated(file) && !isTest(file))
    .flatMap((file) =>
      nodesOf(file)
        .filter(ts.isFunctionLike)
        .map((node) => ({ node, lines: linesOf(file, node) }))
        .filter(({ lines }) => lines > functionLinesMax)
        .map(
          ({ node, lines }) =>
            `${placeOf(file, node)} has a function of ${lines} lines, at most ${functionLinesMax}. Name its steps`,
        ),
    );
}

function linesOf(file: SourceFile, node: ts.Node): number {
  return lineOf(file, node.end) - lineOf(file, node.getStart(treeOf(file))) + 1;
}

/** The formatter wraps code but not comments. */
export function checkCommentWidths(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => !isGenerated(file))
    .flatMap(({ path, text }) =>
      text
        .split("\n")
        .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
        .filter(({ line }) => line.length > commentColumnsMax && /^\s*(\/\/|\/\*\*|\*)/.test(line))
        .map(({ place }) => `${place} is a comment wider than ${commentColumnsMax} columns. Wrap it`),
    );
}

/** A name like these says that the thing in it is not understood yet. */
const emptyNames = new Set([
  ...["util", "utils", "helper", "helpers", "common", "shared", "misc", "manager", "impl"],
]);
const fileName = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;

export function checkNames(files: readonly SourceFile[]): Complaint[] {
  return files.flatMap(({ path }) =>
    path.split("/").flatMap((part) => {
      const empty = part.split(/[-.]/).find((word) => emptyNames.has(word));
      if (empty !== undefined) return [`${path}: "${empty}" says nothing. Name the thing that is in there`];
      if (!fileName.test(part))
        return [`${path}: "${part}" is not in kebab-case, such as ${kebabCase(part)}`];
      return [];
    }),
  );
}

function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** Every operation's file is named after it, is in the registry and has a test of its own. */
export function checkOperations(files: readonly SourceFile[]): Complaint[] {
  const paths = new Set(files.map(({ path }) => path));
  const registry = files.find(({ path }) => path === "src/operations/registry.ts")?.text ?? "";
  return files.flatMap(({ path, text }) => {
    const match = /^src\/operations\/(dynamodb[a-z-]*)\/([a-z-]+)\.ts$/.exec(path);
    if (match === null) return [];
    const [, service = "", name = ""] = match;
    const constant = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const wireName = constant.charAt(0).toUpperCase() + constant.slice(1);
    const complaints: Complaint[] = [];
    if (
      !text.includes(`export const ${constant} = defineOperation(`) ||
      !text.includes(`name: "${wireName}"`)
    ) {
      complaints.push(
        `${path} does not define ${wireName} as ${constant}. Only operations live in this folder`,
      );
    }
    if (!registry.includes(`"./${service}/${name}.ts"`) || !registry.includes(`${wireName}: ${constant},`)) {
      complaints.push(`${path} is not in src/operations/registry.ts. Enter it there`);
    }
    const tests = [
      path.replace(".ts", ".test.ts"),
      `test/conformance/${posix.basename(path, ".ts")}.test.ts`,
    ];
    if (!tests.some((test) => paths.has(test))) {
      complaints.push(`${path} has no test. Write ${tests.join(" or ")}`);
    }
    return complaints;
  });
}
