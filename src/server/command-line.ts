/** Turns the arguments and the environment of the process into what it is to do. */
import { parseArgs } from "node:util";
import { parseEngineUrl, type EngineUrl } from "./engine-url.ts";
import { parseFunctions } from "./function-targets.ts";
import { isLoopback } from "./loopback.ts";
import { isList, optionNames, options, takesValue, variableOf, type OptionName } from "./option-table.ts";
import type { PostgresSettings } from "./open-engine.ts";
import { logLevels, type LogLevel } from "./process-log.ts";

export type Command =
  | { readonly kind: "start"; readonly configuration: Configuration }
  | { readonly kind: "help" }
  | { readonly kind: "version" };

export interface Configuration {
  readonly host: string;
  readonly port: number;
  /** Undefined: in memory, unless there is an engine. */
  readonly dataFolder: string | undefined;
  /** The URL of a database, which may hold a password. */
  readonly engine: string | undefined;
  readonly postgres: PostgresSettings;
  readonly region: string;
  readonly accountId: string;
  readonly durability: "strict" | "relaxed";
  readonly insecureAllowRemote: boolean;
  readonly logLevel: LogLevel;
  readonly tableDelayMs: number;
  readonly expiryLagMs: number;
  readonly streamShards: number;
  readonly devClock: boolean;
  /** Undefined: the AWS SDK finds it. */
  readonly kinesisEndpoint: string | undefined;
  /** By name: the path of a module, or a URL. */
  readonly functions: Readonly<Record<string, string>>;
  readonly functionTimeoutMs: number;
  /** Undefined: there are no other functions. */
  readonly lambdaEndpoint: string | undefined;
  /** Undefined: the AWS SDK finds them. */
  readonly sqsEndpoint: string | undefined;
  readonly snsEndpoint: string | undefined;
  /** Undefined: triggers write no files. */
  readonly failureFolder: string | undefined;
}

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** Something that was asked for on the command line cannot be understood or had. Its message is for the user. */
export class UsageError extends Error {}

const portMax = 65_535;
/** PostgreSQL's own bound is 2 ** 18 - 1; each connection is a process there. */
const connectionsMax = 1_000;
const queueMax = 1_000_000;
const waitSecondsMax = 600;
const tableDelaySecondsMax = 3_600;
/** The service deletes most items within two days. */
const expiryLagSecondsMax = 2 * 86_400;
/** Each is a row that is counted up, and a shard for every reader to follow. */
const streamShardsMax = 256;
/** Lambda's own bound. */
const functionTimeoutSecondsMax = 900;

/** Throws a `UsageError` where the arguments or the environment are wrong. */
export function readCommandLine(words: readonly string[], environment: Environment): Command {
  const { given, wantsHelp, wantsVersion } = readWords(words);
  if (wantsHelp) return { kind: "help" };
  if (wantsVersion) return { kind: "version" };
  return { kind: "start", configuration: readConfiguration({ given, environment }) };
}

// Words --------------------------------------------------------------------------------------------------------

interface Words {
  readonly given: ReadonlyMap<OptionName, string>;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

function readWords(words: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...words], options: parserOptions(), strict: false, tokens: true });
  const given = new Map<OptionName, string>();
  const plain = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (token.value !== "start") throw new UsageError(`unknown command "${token.value}"`);
    } else if (token.name === "help" || token.name === "version") {
      plain.add(token.name);
    } else {
      const name = optionNames.find((known) => known === token.name);
      if (name === undefined) throw new UsageError(`unknown option ${token.rawName}`);
      const before = isList(name) ? given.get(name) : undefined;
      const value = valueOf(name, token);
      given.set(name, before === undefined ? value : `${before},${value}`);
    }
  }
  return { given, wantsHelp: plain.has("help"), wantsVersion: plain.has("version") };
}

function parserOptions() {
  const known = optionNames.map((name) => [name, { type: takesValue(name) ? "string" : "boolean" }] as const);
  return {
    ...Object.fromEntries(known),
    help: { type: "boolean", short: "h" },
    version: { type: "boolean", short: "v" },
  } as const;
}

function valueOf(
  name: OptionName,
  { value, inlineValue }: { value?: string | undefined; inlineValue?: boolean | undefined },
): string {
  if (!takesValue(name)) return value ?? "true";
  const swallowedOption = inlineValue !== true && value?.startsWith("-") === true;
  if (value === undefined || value === "" || swallowedOption) throw new UsageError(`--${name} needs a value`);
  return value;
}

// Values -------------------------------------------------------------------------------------------------------

interface Sources {
  readonly given: ReadonlyMap<OptionName, string>;
  readonly environment: Environment;
}

function readConfiguration(sources: Sources): Configuration {
  const host = read(sources, "host", { takes: "an address", parse: (text) => text });
  const insecureAllowRemote = read(sources, "insecure-allow-remote", truth);
  if (!isLoopback(host) && !insecureAllowRemote) {
    throw new UsageError(
      `--host ${host} can be reached by other machines, and nobody's credentials are verified yet: ` +
        "anyone there could read and change every table. Add --insecure-allow-remote to allow that",
    );
  }
  const devClock = read(sources, "dev-clock", truth);
  if (!isLoopback(host) && devClock) {
    throw new UsageError(
      `--host ${host} can be reached by other machines, and anyone there could move the clock of --dev-clock: ` +
        "leave one of them out",
    );
  }
  return {
    host,
    insecureAllowRemote,
    port: read(sources, "port", number({ low: 0, high: portMax, whole: true })),
    ...readStorage(sources),
    postgres: readPostgres(sources),
    region: read(sources, "region", matching("a region's name", /^[a-z0-9-]+$/)),
    accountId: read(sources, "account", matching("twelve digits", /^\d{12}$/)),
    durability: read(sources, "durability", durability),
    logLevel: read(sources, "log-level", oneOf(logLevels)),
    devClock,
    kinesisEndpoint: read(sources, "kinesis-endpoint", webAddress) || undefined,
    functions: read(sources, "function", functionList),
    functionTimeoutMs:
      1000 * read(sources, "function-timeout", number({ low: 0.1, high: functionTimeoutSecondsMax })),
    lambdaEndpoint: read(sources, "lambda-endpoint", webAddress) || undefined,
    sqsEndpoint: read(sources, "sqs-endpoint", webAddress) || undefined,
    snsEndpoint: read(sources, "sns-endpoint", webAddress) || undefined,
    failureFolder: read(sources, "failure-folder", folder) || undefined,
    tableDelayMs: 1000 * read(sources, "table-delay", number({ low: 0, high: tableDelaySecondsMax })),
    streamShards: read(sources, "stream-shards", number({ low: 1, high: streamShardsMax, whole: true })),
    expiryLagMs: 1000 * read(sources, "expiry-lag", number({ low: 0, high: expiryLagSecondsMax })),
  };
}

const durability = oneOf(["strict", "relaxed"]);
const storageNames = ["engine", "data", "in-memory"] as const;

/** Three options say where tables are kept. The command line outdoes the environment: `--data` undoes STATOR_ENGINE. */
function readStorage(sources: Sources): Pick<Configuration, "dataFolder" | "engine"> {
  const { given, environment } = sources;
  const inMemory = read(sources, "in-memory", truth);
  const isSaid = (name: OptionName) => name !== "in-memory" || inMemory;
  const onCommandLine = storageNames.filter((name) => given.has(name) && isSaid(name));
  const inEnvironment = storageNames.filter(
    (name) => textIn(environment, name) !== undefined && isSaid(name),
  );
  const [name = "data", other] = onCommandLine.length > 0 ? onCommandLine : inEnvironment;
  if (other !== undefined)
    throw new UsageError(`--${name} and --${other} exclude each other: give one of them`);
  const engine = read(sources, "engine", engineUrl);
  if (name === "in-memory") return { dataFolder: undefined, engine: undefined };
  if (name === "data") return { dataFolder: read(sources, "data", folder), engine: undefined };
  if (engine?.kind === "lmdb") return { dataFolder: engine.folder, engine: undefined };
  if (engine?.kind !== "postgres") return { dataFolder: undefined, engine: undefined };
  if (read(sources, "durability", durability) === "relaxed") {
    throw new UsageError(
      "--durability is for --data: on PostgreSQL, its synchronous_commit decides what a crash may lose",
    );
  }
  return { dataFolder: undefined, engine: engine.url };
}

const seconds = number({ low: 0.1, high: waitSecondsMax });

function readPostgres(sources: Sources): PostgresSettings {
  return {
    connectionsMax: read(
      sources,
      "postgres-connections",
      number({ low: 1, high: connectionsMax, whole: true }),
    ),
    queueMax: read(sources, "postgres-queue", number({ low: 1, high: queueMax, whole: true })),
    queueMsMax: 1000 * read(sources, "postgres-queue-timeout", seconds),
    failoverMsMax: 1000 * read(sources, "postgres-failover-timeout", seconds),
    dialect: read(sources, "postgres-dialect", oneOf(["postgresql", "cockroachdb", "yugabytedb"] as const)),
    eventualReads: read(sources, "eventual-reads", oneOf(["primary", "standby"] as const)),
  };
}

interface Format<Value> {
  /** Ends the sentence "--port takes …". */
  readonly takes: string;
  /** What it takes may hold a password, and is not repeated. */
  readonly isSecret?: boolean;
  /** Answers undefined for what it does not take. */
  readonly parse: (text: string) => Value | undefined;
}

function read<Value>({ given, environment }: Sources, name: OptionName, format: Format<Value>): Value {
  const onCommandLine = given.get(name);
  const text = onCommandLine ?? textIn(environment, name) ?? options[name].fallback;
  const value = format.parse(text);
  if (value !== undefined) return value;
  const source = onCommandLine === undefined ? variableOf(name) : `--${name}`;
  const found = format.isSecret === true ? "" : `, not "${text}"`;
  throw new UsageError(`${source} takes ${format.takes}${found}`);
}

/** An empty variable counts as absent, because scripts clear variables so. */
function textIn(environment: Environment, name: OptionName): string | undefined {
  const text = environment[variableOf(name)];
  return text === "" ? undefined : text;
}

const truth: Format<boolean> = {
  takes: "true or false",
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
};

const folder: Format<string> = { takes: "a folder", parse: (text) => text };

/** Or nothing at all. */
const engineUrl: Format<EngineUrl | null> = {
  takes: "memory:, lmdb:DIR or postgres://USER@HOST:PORT/DATABASE",
  isSecret: true,
  parse: (text) => (text === "" ? null : parseEngineUrl(text)),
};

/** Or nothing at all. */
const webAddress: Format<string> = {
  takes: "a URL of http or https",
  parse: (text) => (text === "" || (/^https?:/.test(text) && URL.canParse(text)) ? text : undefined),
};

/** A comma divides functions where another one's name follows it. */
const functionList: Format<Readonly<Record<string, string>>> = {
  takes: "NAME=MODULE or NAME=URL",
  parse: (text) => parseFunctions(text === "" ? [] : text.split(/,(?=[a-zA-Z0-9_-]+=)/)),
};

function number({
  low,
  high,
  whole = false,
}: {
  low: number;
  high: number;
  whole?: boolean;
}): Format<number> {
  const pattern = whole ? /^\d+$/ : /^\d+(\.\d+)?$/;
  return {
    takes: `a ${whole ? "whole " : ""}number from ${low} to ${high}`,
    parse(text) {
      const value = pattern.test(text) ? Number(text) : Number.NaN;
      return value >= low && value <= high ? value : undefined;
    },
  };
}

function matching(takes: string, pattern: RegExp): Format<string> {
  return { takes, parse: (text) => (pattern.test(text) ? text : undefined) };
}

function oneOf<Choice extends string>(choices: readonly Choice[]): Format<Choice> {
  return {
    takes: `${choices.slice(0, -1).join(", ")} or ${choices.at(-1) ?? ""}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}
