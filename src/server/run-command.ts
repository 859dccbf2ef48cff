/** What the command `stator` does, from its arguments to its exit code. */
import { bannerOf } from "./banner.ts";
import {
  readCommandLine,
  UsageError,
  type Command,
  type Configuration,
  type Environment,
} from "./command-line.ts";
import { nameOfEngine } from "./engine-url.ts";
import { helpText } from "./help.ts";
import { packageVersion } from "./package-version.ts";
import { createProcessLog } from "./process-log.ts";
import { explainStartFailure } from "./start-failure.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

const failureCode = 1;
/** By convention, for a command that was called wrongly. */
const usageCode = 2;

export async function runCommand(words: readonly string[], environment: Environment): Promise<void> {
  if (words[0] === "migrate") {
    await migrate(words.slice(1), environment);
    return;
  }
  const command = commandOf(words, environment);
  switch (command?.kind) {
    case "help":
      process.stdout.write(helpText());
      break;
    case "version":
      process.stdout.write(`${packageVersion()}\n`);
      break;
    case "start":
      await serve(command.configuration);
      break;
    case undefined:
  }
}

async function migrate(words: readonly string[], environment: Environment): Promise<void> {
  // Loaded here, because servers do without.
  const { runMigration } = await import("./migration/run-migration.ts");
  try {
    process.exitCode = await runMigration(words, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    fail(`${error.message}. See stator migrate --help`, usageCode);
  }
}

function commandOf(words: readonly string[], environment: Environment): Command | undefined {
  try {
    return readCommandLine(words, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    fail(`${error.message}. See stator --help`, usageCode);
    return undefined;
  }
}

async function serve(configuration: Configuration): Promise<void> {
  const log = createProcessLog(configuration.logLevel);
  // Loaded here, so that --help and mistakes in the arguments are answered at once.
  const { startServer } = await import("./start-server.ts");
  let server;
  try {
    server = await startServer({ ...configuration, log });
  } catch (error) {
    const reason = explainStartFailure(error, configuration);
    if (reason === undefined) throw error;
    fail(reason, failureCode);
    return;
  }
  const { endpoint } = server;
  stopOnSignals({ server, log });
  process.stdout.write(bannerOf(configuration, { version: packageVersion(), endpoint }));
  const { region, accountId, dataFolder, durability } = configuration;
  const engine = configuration.engine && nameOfEngine({ kind: "postgres", url: configuration.engine });
  log.info("server started", { endpoint, region, accountId, engine, dataFolder, durability });
}

function fail(reason: string, code: number): void {
  process.stderr.write(`stator: ${reason}\n`);
  process.exitCode = code;
}
