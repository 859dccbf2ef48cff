/** One work of every kind of job, for one server to begin and another one to end. */
import assert from "node:assert/strict";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  EnableKinesisStreamingDestinationCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { CreateEventSourceMappingCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { indexRange, prefixRange, tableRange } from "../../../src/store/keyspace.ts";
import type { Database } from "./database.ts";
import type { Arrival, Outside } from "./outside.ts";

export interface Work {
  readonly job: string;
  /** Whether it waits for an answer from outside when it has begun. */
  readonly hangs: boolean;
  /** What was prepared does not stay for long. */
  readonly isFleeting?: boolean;
  readonly prepare: (at: Clients) => Promise<void>;
  readonly begin: (at: Clients) => Promise<void>;
  /** How much is left to do, before it has begun too. */
  readonly left: (at: Clients) => Promise<number>;
  /** Rejects when what was done is not what was to do. */
  readonly check: (at: Clients) => Promise<void>;
}

/** Those of one server. */
export interface Clients {
  readonly client: DynamoDBClient;
  readonly lambda: LambdaClient;
}

export interface Surroundings {
  readonly database: Database;
  readonly outside: Outside;
  /** Part of all names, so that works of several rounds are apart. */
  readonly round: number;
}

/** The stream that makes deliveries hang. */
export function hangingStream(round: number): string {
  return `hanging-${round}`;
}

export function worksOf(surroundings: Surroundings): readonly Work[] {
  return [building, expiring, removing, trimming, delivering, calling].map((of) => of(surroundings));
}

function building({ database, round }: Surroundings): Work {
  const TableName = `built-${round}`;
  const amount = 1_200;
  const index = async ({ client }: Clients) => {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    return table?.GlobalSecondaryIndexes?.[0];
  };
  return {
    ...{ job: "index build", hangs: false },
    async prepare({ client }) {
      await createTable(client, TableName);
      await writeItems(client, TableName, itemsOf(amount));
    },
    async begin({ client }) {
      const KeySchema = [{ AttributeName: "group", KeyType: "HASH" as const }];
      const Projection = { ProjectionType: "ALL" as const };
      await client.send(
        new UpdateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "group", AttributeType: "S" }],
          GlobalSecondaryIndexUpdates: [{ Create: { IndexName: "by-group", KeySchema, Projection } }],
        }),
      );
    },
    async left(at) {
      if ((await index(at))?.IndexStatus === "ACTIVE") return 0;
      const entries = await database.entriesIn(indexRange(await database.tableId(TableName), 1));
      return Math.max(1, amount - entries);
    },
    async check(at) {
      assert.equal((await index(at))?.ItemCount, amount);
      assert.equal(await count(at.client, TableName, "by-group"), amount);
    },
  };
}

function expiring({ database, round }: Surroundings): Work {
  const TableName = `expiring-${round}`;
  const amount = 600;
  const stay = 50;
  const now = Math.floor(Date.now() / 1_000);
  return {
    ...{ job: "expiry", hangs: false },
    async prepare({ client }) {
      await createTable(client, TableName);
      const items = itemsOf(amount + stay).map((item, index) => ({
        ...item,
        end: { N: String(index < amount ? now - 3_600 : now + 3_600) },
      }));
      await writeItems(client, TableName, items);
    },
    async begin({ client }) {
      const TimeToLiveSpecification = { Enabled: true, AttributeName: "end" };
      await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    },
    left: async () => (await database.entriesIn(tableRange(await database.tableId(TableName)))) - stay,
    async check({ client }) {
      assert.equal(await count(client, TableName), stay);
      const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
      assert.equal(table?.ItemCount, stay);
    },
  };
}

function removing({ database, round }: Surroundings): Work {
  const TableName = `removed-${round}`;
  const amount = 2_000;
  let tableId = 0;
  return {
    ...{ job: "removal", hangs: false },
    async prepare({ client }) {
      await createTable(client, TableName);
      await writeItems(client, TableName, itemsOf(amount));
      tableId = await database.tableId(TableName);
    },
    async begin({ client }) {
      await client.send(new DeleteTableCommand({ TableName }));
    },
    left: () => database.entriesIn(tableRange(tableId)),
    check: () => Promise.resolve(),
  };
}

function trimming({ database, outside, round }: Surroundings): Work {
  const TableName = `trimmed-${round}`;
  const amount = 1_200;
  let tableId = 0;
  const left = () => {
    const prefix = Buffer.of(4, 0, 0, 0, 0, 0);
    prefix.writeUInt32BE(tableId, 2);
    return database.entriesIn(prefixRange(prefix));
  };
  return {
    ...{ job: "trimming", hangs: false, isFleeting: true, left },
    async prepare({ client }) {
      await createTable(client, TableName);
      tableId = await database.tableId(TableName);
      await deliverTo(client, TableName, TableName);
      await writeItems(client, TableName, itemsOf(amount));
      await until(() => distinct(outside.delivered(TableName)) === amount);
    },
    async begin({ client }) {
      // The logs are looked at at once when there is a new one.
      await createTable(client, `${TableName}-too`, streamed);
    },
    check: () => Promise.resolve(),
  };
}

function delivering({ outside, round }: Surroundings): Work {
  const TableName = `delivered-${round}`;
  const stream = hangingStream(round);
  return {
    ...{ job: "delivery to Kinesis", hangs: true },
    async prepare({ client }) {
      await createTable(client, TableName);
      await deliverTo(client, TableName, stream);
    },
    begin: ({ client }) => writeVersions(client, TableName),
    left: () => Promise.resolve(changesAmount - distinct(outside.delivered(stream))),
    check() {
      assertOrdered(outside.delivered(stream));
      return Promise.resolve();
    },
  };
}

function calling({ outside, round }: Surroundings): Work {
  const TableName = `called-${round}`;
  const arrivals = () => outside.called.filter(({ id }) => id.startsWith(`${TableName}/`));
  return {
    ...{ job: "trigger", hangs: true },
    async prepare({ client, lambda }) {
      const EventSourceArn = await createTable(client, TableName, streamed);
      const settings = { FunctionName: "test", BatchSize: 10, StartingPosition: "TRIM_HORIZON" } as const;
      await lambda.send(new CreateEventSourceMappingCommand({ ...settings, EventSourceArn }));
    },
    begin: ({ client }) => writeVersions(client, TableName),
    left: () => Promise.resolve(changesAmount - distinct(arrivals())),
    check() {
      assertOrdered(arrivals());
      return Promise.resolve();
    },
  };
}

const streamed: Partial<CreateTableCommandInput> = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
};
const itemsAmount = 20;
const versionsAmount = 3;
const changesAmount = itemsAmount * versionsAmount;

/** Answers the ARN of its stream, if it has one. */
async function createTable(
  client: DynamoDBClient,
  TableName: string,
  how: Partial<CreateTableCommandInput> = {},
): Promise<string | undefined> {
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      ...how,
    }),
  );
  return table?.LatestStreamArn;
}

async function deliverTo(client: DynamoDBClient, TableName: string, stream: string): Promise<void> {
  const StreamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
  await client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
}

type SdkItem = Record<string, AttributeValue>;

function itemsOf(amount: number): readonly SdkItem[] {
  return Array.from({ length: amount }, (_, index) => ({
    id: { S: String(index) },
    group: { S: `group ${index % 10}` },
    version: { N: "1" },
  }));
}

async function writeItems(client: DynamoDBClient, table: string, items: readonly SdkItem[]): Promise<void> {
  const left = items.slice();
  async function writeSome(): Promise<void> {
    for (let some = left.splice(0, 25); some.length > 0; some = left.splice(0, 25)) {
      const requests = some.map((Item) => ({ PutRequest: { Item } }));
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      assert.deepEqual(answer.UnprocessedItems ?? {}, {});
    }
  }
  await Promise.all(Array.from({ length: 8 }, writeSome));
}

/** Writes every version of each item after the one before. */
async function writeVersions(client: DynamoDBClient, TableName: string): Promise<void> {
  const writeItem = async (id: string) => {
    for (let version = 1; version <= versionsAmount; version += 1) {
      const Item = { id: { S: id }, version: { N: String(version) } };
      await client.send(new PutItemCommand({ TableName, Item }));
    }
  };
  const ids = Array.from({ length: itemsAmount }, (_, index) => `${TableName}/${index}`);
  await Promise.all(ids.map(writeItem));
}

async function count(client: DynamoDBClient, TableName: string, IndexName?: string): Promise<number> {
  let found = 0;
  let ExclusiveStartKey: SdkItem | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName, IndexName, ExclusiveStartKey, Select: "COUNT" }),
    );
    found += page.Count ?? 0;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found;
}

function distinct(arrivals: readonly Arrival[]): number {
  return new Set(arrivals.map(({ id, version }) => `${id}/${version}`)).size;
}

/** What comes twice may: what was told before its time may not. */
function assertOrdered(arrivals: readonly Arrival[]): void {
  const seen = new Map<string, number>();
  for (const { id, version } of arrivals) {
    const before = seen.get(id) ?? 0;
    assert.ok(version <= before + 1, `version ${version} of ${id} after ${before}`);
    seen.set(id, Math.max(before, version));
  }
}

export async function until(condition: () => boolean | Promise<boolean>, msMax = 40_000): Promise<void> {
  const end = performance.now() + msMax;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${msMax} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
