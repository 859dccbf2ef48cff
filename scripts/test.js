// Runs the tests: all of them, or those whose path contains one of the arguments. Arguments that start with a dash go
// to Node's test runner. Files are collected here because Node 20 does not expand patterns. Tests that need PostgreSQL
// share one server, which is started when the first of them asks.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { tsImport } from "tsx/esm/api";

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

const lender = await lendPostgres();
const runner = spawn(
  process.execPath,
  [
    ...["--import", "tsx", "--test", "--test-reporter=spec", `--test-timeout=${fileMsMax}`],
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    ...options,
    ...files,
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, STATOR_TEST_POSTGRES_LENDER: lender.url } },
);
// A terminal tells the runner too; this process ends when the runner has.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => runner.kill("SIGTERM"));
const [status] = await once(runner, "exit");
await lender.close();
process.exit(status ?? 1);

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
