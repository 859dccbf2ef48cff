// Runs the tests: all of them, or those whose path contains one of the arguments. Arguments that start with a dash go
// to Node's test runner. Files are collected here because Node 20 does not expand patterns. The conformance suite runs
// on each engine. Tests that need PostgreSQL share one server, which is started when the first of them asks.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tsImport } from "tsx/esm/api";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A process of tests that takes longer hangs. */
const fileMsMax = 300_000;
/** How many processes share the files of a group: a process for each file would take most of its time to start. */
const shareCount = 3;
const folders = ["src", "test", "scripts", "bench"];

/** The conformance suite is run against a server that somebody else has started. */
const meetsOtherServer = process.env.STATOR_TEST_ENDPOINT !== undefined;

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const files = folders.flatMap(testsIn).filter(isWanted);
if (files.length === 0) {
  console.error(`no test file matches ${filters.join(" or ")}`);
  process.exit(1);
}

const scratch = mkdtempSync(join(tmpdir(), "stator-test-"));
const units = files.filter((path) => path.startsWith("src/"));
const conformance = files.filter((path) => path.startsWith("test/conformance/"));
const programs = [
  ...writeShares({ name: "conformance on memory", files: conformance, engine: "memory" }),
  ...(meetsOtherServer
    ? []
    : writeShares({ name: "conformance on postgres", files: conformance, engine: "postgres" })),
  ...writeShares({ name: "units", files: units }),
  ...files.filter((path) => !units.includes(path) && !conformance.includes(path)),
];
const lender = await lendPostgres();
const runner = spawn(
  process.execPath,
  [
    ...["--import", "tsx", "--test", "--test-reporter=spec", `--test-timeout=${fileMsMax}`],
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options,
    ...programs,
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, STATOR_TEST_POSTGRES_LENDER: lender.url } },
);
// A terminal tells the runner too; this process ends when the runner has.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => runner.kill("SIGTERM"));
const [status] = await once(runner, "exit");
await lender.close();
rmSync(scratch, { recursive: true });
process.exit(status ?? 1);

/** Writes programs that run several test files each. The hooks of a file stay its own. */
function writeShares(group) {
  const shares = Array.from({ length: Math.min(shareCount, group.files.length) }, () => []);
  group.files.forEach((file, index) => shares[index % shares.length].push(file));
  return shares.map((files, index) => {
    const path = join(scratch, `${group.name} ${index + 1}.test.mjs`);
    writeFileSync(path, shareProgram({ ...group, files }));
    return path;
  });
}

function shareProgram({ files, engine }) {
  const suites = files.map((file) => {
    const title = JSON.stringify(engine === undefined ? file : `${file} on ${engine}`);
    const url = JSON.stringify(urlOf(file));
    return `void describe(${title}, { skip }, async () => { await import(${url}); });`;
  });
  return [
    'import { describe } from "node:test";',
    `import { skipWithoutPostgres } from ${JSON.stringify(urlOf("test/postgres/binaries.ts"))};`,
    engine === undefined ? "" : `process.env.STATOR_TEST_ENGINE = ${JSON.stringify(engine)};`,
    `const skip = ${engine === "postgres" ? "skipWithoutPostgres" : "false"};`,
    ...suites,
    "",
  ].join("\n");
}

function urlOf(path) {
  return pathToFileURL(join(root, path)).href;
}

/** Answers every request with the URL of a server, once it runs. */
async function lendPostgres() {
  let postgres;
  const http = createServer((request, response) => {
    postgres ??= startPostgres();
    postgres.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    close: async () => {
      const running = await postgres?.catch(() => undefined);
      await running?.close();
    },
  };
}

async function startPostgres() {
  const module = await tsImport("../test/postgres/start-postgres.ts", import.meta.url);
  return module.startPostgres();
}

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
