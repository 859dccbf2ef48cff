/** The command as a process of its own: what it prints, what it answers, how it ends. */
import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import test, { type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

const main = join(import.meta.dirname, "main.ts");
/** A command that hangs fails its test. */
const timeoutMs = 30_000;
const tsx = import.meta.resolve("tsx");

interface Command {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves with what the command printed until it printed `text`. */
  prints(text: string): Promise<string>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(context: TestContext, words: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  const child = spawn(process.execPath, ["--import", tsx, main, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...environment },
    cwd: folderFor(context),
  });
  context.after(() => child.kill("SIGKILL"));
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
  return {
    process: child,
    async prints(text) {
      while (!printed.stdout.includes(text))
        await Promise.race([once(child.stdout, "data"), failOnExit(child)]);
      return printed.stdout;
    },
    ended: once(child, "close").then(() => ({ code: child.exitCode, ...printed })),
  };
}

async function failOnExit(child: Command["process"]): Promise<never> {
  await once(child, "exit");
  throw new Error("the command ended too early");
}

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "stator-main-"));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function endpointOf(command: Command): Promise<URL> {
  const banner = await command.prints("Ctrl-C stops the server.\n");
  const [, endpoint = ""] = /DynamoDB at (\S+)\n/.exec(banner) ?? [];
  return new URL(endpoint);
}

test(
  "the command serves until SIGTERM or SIGINT, then ends in order",
  { timeout: timeoutMs },
  async (context) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const command = run(context, ["start", "--in-memory", "--port", "0"]);
      const health = await fetch(await endpointOf(command));
      assert.equal(health.status, 200);
      command.process.kill(signal);
      const { code, stderr } = await command.ended;
      assert.equal(code, 0, stderr);
      const lines = stderr.trimEnd().split("\n");
      assert.deepEqual(
        lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
        ["server started", "stopping", "server closed"],
      );
    }
  },
);

test(
  "a request under way is answered before the server ends, and a second signal does not wait",
  { timeout: timeoutMs },
  async (context) => {
    for (const impatient of [false, true]) {
      const command = run(context, ["--in-memory", "--port", "0", "--log-level", "silent"]);
      const { slow, answered } = await beginRequest(context, await endpointOf(command));
      command.process.kill("SIGTERM");
      await delay(20);
      // The echo of the first signal, not a second one.
      command.process.kill("SIGTERM");
      await delay(500);
      if (impatient) {
        command.process.kill("SIGTERM");
        const { code } = await command.ended;
        assert.equal(code, 143);
      } else {
        slow.end("}");
        assert.equal(await answered, 400);
        const { code, stderr } = await command.ended;
        assert.equal(code, 0);
        assert.equal(stderr, "");
      }
    }
  },
);

/** A request that lacks its last byte. */
async function beginRequest(context: TestContext, endpoint: URL) {
  const agent = new Agent({ keepAlive: true });
  context.after(() => {
    agent.destroy();
  });
  const slow = request(endpoint, {
    agent,
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "content-length": 2 },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    slow.once("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    slow.once("error", reject);
  });
  answered.catch(() => undefined);
  slow.write("{");
  // Another request is answered, so the first has been read as well.
  await fetch(endpoint);
  return { slow, answered };
}

test(
  "the command answers help and version, and refuses what it does not know in one line",
  { timeout: timeoutMs },
  async (context) => {
    const [help, version, wrong] = await Promise.all([
      run(context, ["--help"]).ended,
      run(context, ["--version"]).ended,
      run(context, [], { STATOR_PORT: "many" }).ended,
    ]);
    assert.match(help.stdout, /^Usage: stator \[start\] \[options\]\n/);
    assert.equal(help.code, 0);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(version.code, 0);
    assert.deepEqual(wrong, {
      code: 2,
      stdout: "",
      stderr: 'stator: STATOR_PORT takes a whole number from 0 to 65535, not "many". See stator --help\n',
    });
  },
);

test("a port in use is told in one line", { timeout: timeoutMs }, async (context) => {
  const occupier = createServer().listen(0, "127.0.0.1");
  context.after(() => occupier.close());
  await once(occupier, "listening");
  const { port } = occupier.address() as AddressInfo;
  assert.deepEqual(await run(context, ["--in-memory", "--port", String(port)]).ended, {
    code: 1,
    stdout: "",
    stderr: `stator: 127.0.0.1:${port} is in use by another program: stop that one or give another --port\n`,
  });
});

test("an address of another machine is told in one line", { timeout: timeoutMs }, async (context) => {
  const words = ["--in-memory", "--port", "0", "--insecure-allow-remote", "--host", "192.0.2.1"];
  assert.deepEqual(await run(context, words).ended, {
    code: 1,
    stdout: "",
    stderr: "stator: 192.0.2.1 is not an address of this machine\n",
  });
});

test("a data folder that cannot be had is told in one line", { timeout: timeoutMs }, async (context) => {
  const folder = folderFor(context);
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { code, stdout, stderr } = await run(context, ["--port", "0", "--data", file]).ended;
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^stator: .*file.*\n$/);
});

test(
  "a data folder without permissions is told in one line",
  { timeout: timeoutMs, skip: process.getuid?.() === 0 },
  async (context) => {
    const folder = folderFor(context);
    chmodSync(folder, 0o500);
    const { code, stdout, stderr } = await run(context, ["--port", "0", "--data", join(folder, "data")])
      .ended;
    chmodSync(folder, 0o700);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /^stator: .*\n$/);
  },
);

test(
  "a data folder in use by another process is told in one line, and is free again once that ends",
  { timeout: timeoutMs },
  async (context) => {
    const folder = join(folderFor(context), "data");
    const words = ["--port", "0", "--data", folder];
    const first = run(context, words);
    await endpointOf(first);
    const { code, stdout, stderr } = await run(context, words).ended;
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /^stator: .*in use.*\n$/);
    first.process.kill("SIGKILL");
    await first.ended;
    const third = run(context, words);
    await endpointOf(third);
    third.process.kill("SIGTERM");
    assert.equal((await third.ended).code, 0);
  },
);
