// Runs the tests: all of them, or those whose path contains one of the arguments. Arguments that start with a dash go
// to Node's test runner. Files are collected here because Node 20 does not expand patterns.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A file whose tests take longer hangs. */
const fileMsMax = 180_000;
const folders = ["src", "test", "scripts", "bench"];

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const files = folders.flatMap(testsIn).filter(isWanted);
if (files.length === 0) {
  console.error(`no test file matches ${filters.join(" or ")}`);
  process.exit(1);
}

const { status } = spawnSync(
  process.execPath,
  [
    ...["--import", "tsx", "--test", "--test-reporter=spec", `--test-timeout=${fileMsMax}`],
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options,
    ...files,
  ],
  { cwd: root, stdio: "inherit" },
);
process.exit(status ?? 1);

function testsIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.includes("node_modules/"))
    .sort();
}

function isWanted(path) {
  return filters.length === 0 || filters.some((filter) => path.includes(filter));
}
