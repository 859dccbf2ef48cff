/** What can be set on the command line, and in the environment where the command line is silent. */
export const options = {
  host: { value: "ADDRESS", fallback: "127.0.0.1", purpose: "address to listen on" },
  port: { value: "NUMBER", fallback: "8000", purpose: "port to listen on; 0 takes any free one" },
  data: {
    value: "DIR",
    fallback: "./stator-data",
    purpose: "folder that keeps the tables; made when absent",
  },
  "in-memory": { fallback: "false", purpose: "keep tables in memory only, gone when the server stops" },
  engine: {
    value: "URL",
    fallback: "",
    purpose:
      "where the tables are: lmdb:DIR as --data, memory: as --in-memory, or postgres://USER@HOST:PORT/DATABASE",
  },
  "postgres-connections": {
    value: "NUMBER",
    fallback: "16",
    purpose: "the most connections of this server to the primary, and to each standby",
  },
  "postgres-queue": {
    value: "NUMBER",
    fallback: "1000",
    purpose: "the most requests that wait for a connection; more are throttled",
  },
  "postgres-queue-timeout": {
    value: "SECONDS",
    fallback: "5",
    purpose: "how long a request waits for a connection before it is throttled",
  },
  "postgres-failover-timeout": {
    value: "SECONDS",
    fallback: "10",
    purpose: "how long requests wait while no primary is found",
  },
  "postgres-dialect": {
    value: "NAME",
    fallback: "postgresql",
    purpose: "postgresql; cockroachdb or yugabytedb, which are expected to work and not tested",
  },
  "eventual-reads": {
    value: "WHERE",
    fallback: "primary",
    purpose: "who of a PostgreSQL cluster serves eventually consistent reads: primary or standby",
  },
  region: { value: "NAME", fallback: "us-east-1", purpose: "region of calls that name none" },
  account: { value: "DIGITS", fallback: "000000000000", purpose: "account of access keys that name none" },
  durability: {
    value: "MODE",
    fallback: "strict",
    purpose:
      "strict: writes are on disk when they are acknowledged; relaxed: all may be lost when the machine fails",
  },
  "log-level": {
    value: "LEVEL",
    fallback: "info",
    purpose: "debug, info, warn, error or silent; logs are JSON lines on stderr",
  },
  "table-delay": {
    value: "SECONDS",
    fallback: "0",
    purpose: "how long tables show CREATING, UPDATING and DELETING",
  },
  "expiry-lag": {
    value: "SECONDS",
    fallback: "1",
    purpose: "how long items outlive their time to live at least",
  },
  "stream-shards": {
    value: "NUMBER",
    fallback: "1",
    purpose:
      "how many shards a new stream begins with: on PostgreSQL its writers share the shards out among them",
  },
  "dev-clock": {
    fallback: "false",
    purpose: "for development: lets PUT /_stator/clock move the time forward; only on a loopback --host",
  },
  "kinesis-endpoint": {
    value: "URL",
    fallback: "",
    purpose: "where Kinesis is, for tables with a Kinesis destination; else as the AWS SDK finds it",
  },
  function: {
    value: "NAME=MODULE",
    fallback: "",
    isList: true,
    purpose:
      "a function for triggers: a JavaScript or TypeScript module, or an http or https URL that takes events; may be repeated",
  },
  "function-timeout": {
    value: "SECONDS",
    fallback: "60",
    purpose: "how long a module may take for one call",
  },
  "lambda-endpoint": {
    value: "URL",
    fallback: "",
    purpose: "where Lambda's Invoke is, for functions that no --function names",
  },
  "sqs-endpoint": {
    value: "URL",
    fallback: "",
    purpose: "where the queues are that triggers send failed batches to; else as the AWS SDK finds it",
  },
  "sns-endpoint": {
    value: "URL",
    fallback: "",
    purpose: "where the topics are that triggers send failed batches to; else as the AWS SDK finds it",
  },
  "failure-folder": {
    value: "DIR",
    fallback: "",
    purpose: "the only folder whose files triggers may send failed batches to",
  },
  "insecure-allow-remote": {
    fallback: "false",
    purpose: "INSECURE: allow a --host that other machines reach, though nobody's credentials are verified",
  },
} as const satisfies Readonly<Record<string, Option>>;

export interface Option {
  /** What stands behind the option in the help text. Absent: the option takes no value. */
  readonly value?: string;
  /** What holds where neither the command line nor the environment says anything; empty: nothing does. */
  readonly fallback: string;
  readonly purpose: string;
  /** May be given more than once; one text holds all of them, with commas between. */
  readonly isList?: boolean;
}

export type OptionName = keyof typeof options;

export const optionNames = Object.keys(options) as readonly OptionName[]; // The type of `keys` forgets the names.

/** The environment variable that stands for an option, such as `STATOR_LOG_LEVEL` for `--log-level`. */
export function variableOf(name: OptionName): string {
  return `STATOR_${name.toUpperCase().replaceAll("-", "_")}`;
}

export function takesValue(name: OptionName): boolean {
  return "value" in options[name];
}

export function isList(name: OptionName): boolean {
  return "isList" in options[name];
}
