/** What `stator migrate` can be told, on the command line or in the environment. */
import { parseArgs } from "node:util";
import type { EngineUrl } from "../engine-url.ts";
import { UsageError, type Environment } from "../command-line.ts";
import type { PostgresSettings } from "../open-engine.ts";
import { parseSide } from "./migration-sides.ts";

const variables = {
  from: "STATOR_FROM",
  to: "STATOR_TO",
  "postgres-dialect": "STATOR_POSTGRES_DIALECT",
} as const;
type OptionName = keyof typeof variables;

export interface MigrationOptions {
  readonly from: EngineUrl;
  readonly to: EngineUrl;
  readonly dialect: NonNullable<PostgresSettings["dialect"]>;
}

export type MigrationCommand =
  { readonly kind: "help" } | { readonly kind: "migrate"; readonly options: MigrationOptions };

export const migrationHelp = `Usage: stator migrate --from URL --to URL

Copies everything from one engine to another: tables, items, indexes, streams and all else. No server may run on
either meanwhile. It can be stopped at any point: the same command again goes on where it was. At the end both are
read and compared; servers refuse the target until they agree.

  --from URL               what to copy: lmdb:DIR or postgres://USER@HOST:PORT/DATABASE
                           ${variables.from}
  --to URL                 where to: a folder, database or schema with nothing in it, or what an earlier attempt left
                           ${variables.to}
  --postgres-dialect NAME  postgresql; cockroachdb or yugabytedb, which are expected to work and not tested [postgresql]
                           ${variables["postgres-dialect"]}

  --help                   show this text

Each option can also be set by the environment variable below it; the command line wins. Passwords are better there:
others on this machine can see command lines.
`;

/** Throws a `UsageError` where the arguments, those behind "migrate", or the environment are wrong. */
export function readMigrationOptions(words: readonly string[], environment: Environment): MigrationCommand {
  const given = readWords(words);
  if (given === "help") return { kind: "help" };
  const read = (name: OptionName) => given.get(name) ?? (environment[variables[name]] || undefined);
  const options: MigrationOptions = {
    from: readSide("from", read("from")),
    to: readSide("to", read("to")),
    dialect: readDialect(read("postgres-dialect")),
  };
  return { kind: "migrate", options };
}

function readWords(words: readonly string[]): ReadonlyMap<OptionName, string> | "help" {
  const { tokens } = parseArgs({
    args: [...words],
    options: {
      from: { type: "string" },
      to: { type: "string" },
      "postgres-dialect": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
    strict: false,
    tokens: true,
  });
  const given = new Map<OptionName, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw new UsageError(`migrate takes no "${token.value}"`);
    if (token.name === "help") return "help";
    const name = nameIn(token.name);
    if (name === undefined) throw new UsageError(`unknown option ${token.rawName} of migrate`);
    if (token.value === undefined || token.value === "" || token.value.startsWith("-")) {
      throw new UsageError(`--${name} needs a value`);
    }
    given.set(name, token.value);
  }
  return given;
}

function nameIn(text: string): OptionName | undefined {
  return text === "from" || text === "to" || text === "postgres-dialect" ? text : undefined;
}

function readSide(name: "from" | "to", text: string | undefined): EngineUrl {
  if (text === undefined) throw new UsageError(`migrate needs --${name} URL`);
  return parseSide(`--${name}`, text);
}

const dialects = ["postgresql", "cockroachdb", "yugabytedb"] as const;

function readDialect(text: string | undefined): MigrationOptions["dialect"] {
  if (text === undefined) return "postgresql";
  const dialect = dialects.find((known) => known === text);
  if (dialect !== undefined) return dialect;
  throw new UsageError(`--postgres-dialect takes ${dialects.join(", ")}, not "${text}"`);
}
