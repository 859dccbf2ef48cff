/** What `stator migrate` does, from its arguments to its exit code. */
import { EnvironmentError } from "../../base/environment-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { MigrationReport } from "../../store/migration/migration.ts";
import { MigrationError } from "../../store/migration/migration-record.ts";
import { migrate } from "../../store/migration/migrate.ts";
import type { Environment } from "../command-line.ts";
import { nameOfEngine, type EngineUrl } from "../engine-url.ts";
import { openEngine } from "../open-engine.ts";
import { migrationHelp, readMigrationOptions, type MigrationOptions } from "./migration-options.ts";
import { openSource } from "./migration-sides.ts";
import { summaryOf } from "./migration-summary.ts";
import { openProgressDisplay } from "./progress-display.ts";
import { wholeNumber } from "./amounts.ts";

const successCode = 0;
const failureCode = 1;

/**
 * Carries out what the words behind "migrate" say and answers the exit code. Throws a `UsageError` where they are
 * wrong. Progress goes to standard error, the summary to standard output.
 */
export async function runMigration(words: readonly string[], environment: Environment): Promise<number> {
  const command = readMigrationOptions(words, environment);
  if (command.kind === "help") {
    process.stdout.write(migrationHelp);
    return successCode;
  }
  const { options } = command;
  try {
    const report = await withEngines(options, (source, target) => {
      announce(options);
      return copy({ source, target }, options.from);
    });
    process.stdout.write(`\n${summaryOf(report)}`);
    return report.differences.length === 0 ? successCode : failureCode;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`stator: ${error.message}\n`);
    return failureCode;
  }
}

function announce({ from, to }: MigrationOptions): void {
  process.stderr.write(`Copying ${nameOfEngine(from)} to ${nameOfEngine(to)}.\n`);
  if (from.kind === "lmdb" && to.kind === "lmdb") return;
  process.stderr.write(
    "No server may run on either meanwhile: that of a database cannot be seen from here.\n",
  );
}

async function withEngines<T>(
  { from, to, dialect }: MigrationOptions,
  use: (source: Engine, target: Engine) => Promise<T>,
): Promise<T> {
  const settings = { postgres: { dialect } };
  const source = await openSource(from, settings);
  try {
    const target = await openEngine(to, settings);
    try {
      return await use(source, target);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copy(
  { source, target }: { readonly source: Engine; readonly target: Engine },
  from: EngineUrl,
): Promise<MigrationReport> {
  const display = openProgressDisplay(process.stderr, () => performance.now());
  try {
    return await migrate({
      source,
      target,
      from: nameOfEngine(from),
      onProgress: (progress) => {
        display.show(progress);
      },
      onTakeUp: ({ entries }) => {
        process.stderr.write(`Going on with an earlier attempt, behind ${wholeNumber(entries)} entries.\n`);
      },
    });
  } catch (error) {
    display.end();
    const isRefused = !(error instanceof EnvironmentError) || error instanceof MigrationError;
    if (!isRefused) process.stderr.write("Interrupted: the same command again goes on from here.\n");
    throw error;
  } finally {
    display.end();
  }
}
