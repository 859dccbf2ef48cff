/** What `stator migrate` can be told, on the command line or in the environment. */
import { parseArgs } from "node:util";
import { UsageError, type Environment } from "../command-line.ts";

const variables = { from: "STATOR_FROM", to: "STATOR_TO" } as const;
type OptionName = keyof typeof variables;

export interface MigrationOptions {
  readonly from: string;
  readonly to: string;
}

export type MigrationCommand =
  { readonly kind: "help" } | { readonly kind: "migrate"; readonly options: MigrationOptions };

export const migrationHelp = `Usage: stator migrate --from URL --to URL

Copies everything from one engine to another: tables, items, indexes, streams and all else. No server may run on
either meanwhile. It can be stopped at any point: the same command again goes on where it was. At the end both are
read and compared; servers refuse the target until they agree.

  --from URL  what to copy: lmdb:DIR or postgres://USER:PASSWORD@HOST:PORT/DATABASE
              ${variables.from}
  --to URL    where to: a folder, database or schema with nothing in it, or what an earlier attempt left
              ${variables.to}

  --help      show this text

Each option can also be set by the environment variable below it; the command line wins. Passwords are better there:
others on this machine can see command lines.
`;

/** Throws a `UsageError` where the arguments, those behind "migrate", are wrong. */
export function readMigrationOptions(words: readonly string[], environment: Environment): MigrationCommand {
  const { tokens } = parseArgs({
    args: [...words],
    options: { from: { type: "string" }, to: { type: "string" }, help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  const given = new Map<OptionName, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") throw new UsageError(`migrate takes no "${token.value}"`);
    if (token.name === "help") return { kind: "help" };
    if (token.name !== "from" && token.name !== "to") {
      throw new UsageError(`unknown option ${token.rawName} of migrate`);
    }
    if (token.value === undefined || token.value === "" || token.value.startsWith("-")) {
      throw new UsageError(`--${token.name} needs a value`);
    }
    given.set(token.name, token.value);
  }
  const read = (name: OptionName): string => {
    const text = given.get(name) ?? environment[variables[name]];
    if (text === undefined || text === "") throw new UsageError(`migrate needs --${name} URL`);
    return text;
  };
  return { kind: "migrate", options: { from: read("from"), to: read("to") } };
}
