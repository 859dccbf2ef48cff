import assert from "node:assert/strict";
import test from "node:test";
import { readCommandLine, UsageError, type Configuration, type Environment } from "./command-line.ts";

const defaults: Configuration = {
  host: "127.0.0.1",
  port: 8000,
  dataFolder: "./stator-data",
  engine: undefined,
  postgres: {
    connectionsMax: 16,
    queueMax: 1_000,
    queueMsMax: 5_000,
    failoverMsMax: 10_000,
    eventualReads: "primary",
    dialect: "postgresql",
  },
  region: "us-east-1",
  accountId: "000000000000",
  durability: "strict",
  insecureAllowRemote: false,
  logLevel: "info",
  tableDelayMs: 0,
  expiryLagMs: 1000,
  streamShards: 1,
  devClock: false,
  kinesisEndpoint: undefined,
  functions: {},
  functionTimeoutMs: 60_000,
  lambdaEndpoint: undefined,
  sqsEndpoint: undefined,
  snsEndpoint: undefined,
  failureFolder: undefined,
};

function configurationOf(words: string, environment: Environment = {}): Configuration {
  const command = readCommandLine(words === "" ? [] : words.split(" "), environment);
  assert.equal(command.kind, "start");
  return command.configuration;
}

test("without arguments the server starts with its defaults", () => {
  assert.deepEqual(configurationOf(""), defaults);
});

test("start is the command that is meant when none is given", () => {
  assert.deepEqual(configurationOf("start"), defaults);
  assert.deepEqual(configurationOf("start --port 1"), { ...defaults, port: 1 });
});

test("every option is taken from the command line", () => {
  const words =
    "--host ::1 --port 0 --data d --region eu-west-1 --account 123456789012 --durability relaxed " +
    "--log-level silent --table-delay 1.5 --expiry-lag 60 --kinesis-endpoint http://127.0.0.1:4567 " +
    "--function welcome=./welcome.mjs --function far=https://example.com/a?b=c,d --function-timeout 0.5 " +
    "--lambda-endpoint http://127.0.0.1:1 --sqs-endpoint http://127.0.0.1:2 --sns-endpoint http://127.0.0.1:3 " +
    "--failure-folder failed --stream-shards 8 --postgres-connections 4 --postgres-queue 50 --postgres-queue-timeout 0.5 " +
    "--postgres-failover-timeout 30 --postgres-dialect cockroachdb --eventual-reads standby";
  const expected = {
    host: "::1",
    port: 0,
    dataFolder: "d",
    engine: undefined,
    postgres: {
      connectionsMax: 4,
      queueMax: 50,
      queueMsMax: 500,
      failoverMsMax: 30_000,
      eventualReads: "standby",
      dialect: "cockroachdb",
    },
    region: "eu-west-1",
    accountId: "123456789012",
    durability: "relaxed",
    insecureAllowRemote: false,
    logLevel: "silent",
    tableDelayMs: 1500,
    expiryLagMs: 60_000,
    streamShards: 8,
    devClock: false,
    kinesisEndpoint: "http://127.0.0.1:4567",
    functions: { welcome: "./welcome.mjs", far: "https://example.com/a?b=c,d" },
    functionTimeoutMs: 500,
    lambdaEndpoint: "http://127.0.0.1:1",
    sqsEndpoint: "http://127.0.0.1:2",
    snsEndpoint: "http://127.0.0.1:3",
    failureFolder: "failed",
  };
  assert.deepEqual(configurationOf(words), expected);
  assert.deepEqual(configurationOf(words.replaceAll(/(--\S+) /g, "$1=")), expected);
});

test("every option is taken from the environment where the command line is silent", () => {
  const environment = {
    STATOR_HOST: "localhost",
    STATOR_PORT: "9",
    STATOR_DATA: "d",
    STATOR_REGION: "eu-west-1",
    STATOR_ACCOUNT: "123456789012",
    STATOR_DURABILITY: "relaxed",
    STATOR_INSECURE_ALLOW_REMOTE: "true",
    STATOR_LOG_LEVEL: "error",
    STATOR_TABLE_DELAY: "2",
    STATOR_EXPIRY_LAG: "0",
    STATOR_STREAM_SHARDS: "16",
    STATOR_DEV_CLOCK: "true",
    STATOR_KINESIS_ENDPOINT: "https://kinesis.example.com",
    STATOR_FUNCTION: "welcome=./welcome.mjs,far=https://example.com/",
    STATOR_FUNCTION_TIMEOUT: "900",
    STATOR_LAMBDA_ENDPOINT: "https://lambda.example.com",
    STATOR_SQS_ENDPOINT: "https://sqs.example.com",
    STATOR_SNS_ENDPOINT: "https://sns.example.com",
    STATOR_FAILURE_FOLDER: "/var/failed",
    STATOR_POSTGRES_CONNECTIONS: "4",
    STATOR_POSTGRES_QUEUE: "50",
    STATOR_POSTGRES_QUEUE_TIMEOUT: "0.5",
    STATOR_POSTGRES_FAILOVER_TIMEOUT: "30",
    STATOR_POSTGRES_DIALECT: "cockroachdb",
    STATOR_EVENTUAL_READS: "standby",
  };
  const expected = {
    host: "localhost",
    port: 9,
    dataFolder: "d",
    engine: undefined,
    postgres: {
      connectionsMax: 4,
      queueMax: 50,
      queueMsMax: 500,
      failoverMsMax: 30_000,
      eventualReads: "standby",
      dialect: "cockroachdb",
    },
    region: "eu-west-1",
    accountId: "123456789012",
    durability: "relaxed",
    insecureAllowRemote: true,
    logLevel: "error",
    tableDelayMs: 2000,
    expiryLagMs: 0,
    streamShards: 16,
    devClock: true,
    kinesisEndpoint: "https://kinesis.example.com",
    functions: { welcome: "./welcome.mjs", far: "https://example.com/" },
    functionTimeoutMs: 900_000,
    lambdaEndpoint: "https://lambda.example.com",
    sqsEndpoint: "https://sqs.example.com",
    snsEndpoint: "https://sns.example.com",
    failureFolder: "/var/failed",
  };
  assert.deepEqual(configurationOf("", environment), expected);
  assert.deepEqual(configurationOf("--port 1", environment), { ...expected, port: 1 });
});

test("an empty environment variable counts as absent", () => {
  assert.deepEqual(configurationOf("", { STATOR_PORT: "", STATOR_IN_MEMORY: "" }), defaults);
});

test("in memory there is no data folder, and the command line outdoes the environment", () => {
  const cases: readonly [words: string, environment: Environment, dataFolder: string | undefined][] = [
    ["--in-memory", {}, undefined],
    ["", { STATOR_IN_MEMORY: "true" }, undefined],
    ["", { STATOR_IN_MEMORY: "false" }, "./stator-data"],
    ["--in-memory", { STATOR_DATA: "d" }, undefined],
    ["--data d", { STATOR_IN_MEMORY: "true" }, "d"],
    ["--in-memory=false", { STATOR_DATA: "d" }, "d"],
    ["--in-memory=false --data e", { STATOR_IN_MEMORY: "true" }, "e"],
  ];
  for (const [words, environment, dataFolder] of cases) {
    assert.equal(
      configurationOf(words, environment).dataFolder,
      dataFolder,
      `${words} ${JSON.stringify(environment)}`,
    );
  }
});

test("an engine is named by its URL, and the command line outdoes the environment", () => {
  const postgres = "postgres://ann:secret@db/tables";
  const cases: readonly [words: string, environment: Environment, ...read: (string | undefined)[]][] = [
    ["--engine memory:", {}],
    ["--engine lmdb:d", {}, "d"],
    [`--engine ${postgres}`, {}, undefined, postgres],
    ["", { STATOR_ENGINE: postgres }, undefined, postgres],
    ["", { STATOR_ENGINE: "lmdb:d", STATOR_IN_MEMORY: "false" }, "d"],
    [`--engine ${postgres}`, { STATOR_DATA: "d", STATOR_IN_MEMORY: "true" }, undefined, postgres],
    ["--data d", { STATOR_ENGINE: postgres }, "d"],
    ["--in-memory", { STATOR_ENGINE: postgres }],
    ["--in-memory=false", { STATOR_ENGINE: postgres }, undefined, postgres],
    [`--engine ${postgres} --in-memory=false`, {}, undefined, postgres],
  ];
  for (const [words, environment, dataFolder, engine] of cases) {
    const read = configurationOf(words, environment);
    assert.deepEqual([read.dataFolder, read.engine], [dataFolder, engine], words);
  }
});

test("an address that other machines reach is refused unless the insecure option allows it", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assert.equal(configurationOf(`--host ${host}`).host, host);
  }
  for (const host of [
    "0.0.0.0",
    "::",
    "192.168.0.7",
    "example.com",
    "::ffff:10.0.0.1",
    "127.0.0.1.example.com",
  ]) {
    assert.throws(
      () => readCommandLine(["--host", host], {}),
      new UsageError(
        `--host ${host} can be reached by other machines, and nobody's credentials are verified yet: anyone there ` +
          "could read and change every table. Add --insecure-allow-remote to allow that",
      ),
    );
    assert.equal(configurationOf(`--host ${host} --insecure-allow-remote`).host, host);
    assert.equal(configurationOf("", { STATOR_HOST: host, STATOR_INSECURE_ALLOW_REMOTE: "true" }).host, host);
  }
});

test("a clock that can be moved is refused where other machines could move it, insecure or not", () => {
  assert.equal(configurationOf("--dev-clock").devClock, true);
  assert.equal(configurationOf("--dev-clock --host ::1").devClock, true);
  assert.throws(
    () => readCommandLine(["--host", "0.0.0.0", "--insecure-allow-remote", "--dev-clock"], {}),
    new UsageError(
      "--host 0.0.0.0 can be reached by other machines, and anyone there could move the clock of --dev-clock: " +
        "leave one of them out",
    ),
  );
});

test("what cannot be understood is refused with one clear line", () => {
  const cases: readonly [words: readonly string[], environment: Environment, message: string][] = [
    [["serve"], {}, 'unknown command "serve"'],
    [["--prot", "1"], {}, "unknown option --prot"],
    [["-p", "1"], {}, "unknown option -p"],
    [["--constructor"], {}, "unknown option --constructor"],
    [["--port"], {}, "--port needs a value"],
    [["--port="], {}, "--port needs a value"],
    [["--data", "--port", "1"], {}, "--data needs a value"],
    [["--port", "x"], {}, '--port takes a whole number from 0 to 65535, not "x"'],
    [["--port=-1"], {}, '--port takes a whole number from 0 to 65535, not "-1"'],
    [["--port", "65536"], {}, '--port takes a whole number from 0 to 65535, not "65536"'],
    [[], { STATOR_PORT: "1.5" }, 'STATOR_PORT takes a whole number from 0 to 65535, not "1.5"'],
    [["--account", "1"], {}, '--account takes twelve digits, not "1"'],
    [["--region", "EU"], {}, '--region takes a region\'s name, not "EU"'],
    [["--durability", "none"], {}, '--durability takes strict or relaxed, not "none"'],
    [["--log-level", "loud"], {}, '--log-level takes debug, info, warn, error or silent, not "loud"'],
    [["--table-delay", "3601"], {}, '--table-delay takes a number from 0 to 3600, not "3601"'],
    [["--dev-clock=yes"], {}, '--dev-clock takes true or false, not "yes"'],
    [["--kinesis-endpoint", "4567"], {}, '--kinesis-endpoint takes a URL of http or https, not "4567"'],
    [["--kinesis-endpoint", "ftp://a"], {}, '--kinesis-endpoint takes a URL of http or https, not "ftp://a"'],
    [["--function", "welcome"], {}, '--function takes NAME=MODULE or NAME=URL, not "welcome"'],
    [["--function", "wel come=a.mjs"], {}, '--function takes NAME=MODULE or NAME=URL, not "wel come=a.mjs"'],
    [["--function", "welcome="], {}, '--function takes NAME=MODULE or NAME=URL, not "welcome="'],
    [["--function-timeout", "901"], {}, '--function-timeout takes a number from 0.1 to 900, not "901"'],
    [["--lambda-endpoint", "a"], {}, '--lambda-endpoint takes a URL of http or https, not "a"'],
    [["--in-memory=yes"], {}, '--in-memory takes true or false, not "yes"'],
    [["--in-memory", "--data", "d"], {}, "--data and --in-memory exclude each other: give one of them"],
    [["--engine", "memory:", "--data", "d"], {}, "--engine and --data exclude each other: give one of them"],
    [
      [],
      { STATOR_ENGINE: "postgres://ann:secret@db", STATOR_IN_MEMORY: "true" },
      "--engine and --in-memory exclude each other: give one of them",
    ],
    [
      ["--engine", "postgres:/ann:secret@db"],
      {},
      "--engine takes memory:, lmdb:DIR or postgres://USER@HOST:PORT/DATABASE",
    ],
    [
      ["--engine", "postgres://db", "--durability", "relaxed"],
      {},
      "--durability is for --data: on PostgreSQL, its synchronous_commit decides what a crash may lose",
    ],
    [["--eventual-reads", "any"], {}, '--eventual-reads takes primary or standby, not "any"'],
    [
      ["--postgres-connections", "0"],
      {},
      '--postgres-connections takes a whole number from 1 to 1000, not "0"',
    ],
    [
      [],
      { STATOR_IN_MEMORY: "true", STATOR_DATA: "d" },
      "--data and --in-memory exclude each other: give one of them",
    ],
  ];
  for (const [words, environment, message] of cases) {
    assert.throws(() => readCommandLine(words, environment), new UsageError(message), words.join(" "));
  }
});

test("help and version are answered whatever else is asked for", () => {
  assert.deepEqual(readCommandLine(["--help", "--port", "x"], {}), { kind: "help" });
  assert.deepEqual(readCommandLine(["-h"], {}), { kind: "help" });
  assert.deepEqual(readCommandLine(["start", "--version"], {}), { kind: "version" });
});
