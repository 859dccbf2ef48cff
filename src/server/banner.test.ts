import assert from "node:assert/strict";
import { resolve } from "node:path";
import test from "node:test";
import { bannerOf } from "./banner.ts";
import type { Configuration } from "./command-line.ts";

const configuration: Configuration = {
  host: "127.0.0.1",
  port: 0,
  dataFolder: "tables",
  engine: undefined,
  postgres: {
    connectionsMax: 16,
    queueMax: 1_000,
    queueMsMax: 5_000,
    failoverMsMax: 10_000,
    eventualReads: "primary",
    dialect: "postgresql",
  },
  region: "eu-west-1",
  accountId: "123456789012",
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
const started = { version: "1.2.3", endpoint: "http://127.0.0.1:4567" };

test("the banner says where the server is, what it keeps where, and how to call it", () => {
  assert.equal(
    bannerOf(configuration, started),
    `Stator 1.2.3, DynamoDB at http://127.0.0.1:4567

  region   eu-west-1
  account  123456789012
  data     ${resolve("tables")} (strict: a write is on disk when it is acknowledged)

Try it from another terminal:

  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=eu-west-1 \\
    aws dynamodb list-tables --endpoint-url http://127.0.0.1:4567

Ctrl-C stops the server.
`,
  );
});

test("the banner warns where data may be lost", () => {
  assert.match(
    bannerOf({ ...configuration, dataFolder: undefined }, started),
    /data {5}in memory: gone when the server stops\n/,
  );
  assert.match(
    bannerOf({ ...configuration, durability: "relaxed" }, started),
    /tables \(relaxed: all may be lost when the machine fails\)\n/,
  );
});

test("the banner tells the database, and no password", () => {
  const engine = "postgres://stator:secret@one:5432,two:5432/tables?password=secret";
  assert.match(
    bannerOf({ ...configuration, dataFolder: undefined, engine }, started),
    /data {5}postgres:\/\/one:5432,two:5432\/tables\n/,
  );
});
