import { createRandom } from "./random.ts";
import {
  customerOf,
  expiringTable,
  groupOf,
  growingTable,
  indexedTable,
  indexNameOf,
  keyOf,
  movedKeys,
  orderOf,
  plainTable,
  streamedTable,
  type BenchTable,
} from "./tables.ts";

/** What the comparison asks of a server, by name. */
export const comparedWorkloads = [
  "GetItem",
  "PutItem",
  "UpdateItem",
  "Query",
  "QueryFilter",
  "BatchWriteItem",
  "Put0Indexes",
  "Put1Index",
  "Put5Indexes",
  "Put5KeysOnly",
  "Put20Indexes",
  "PutStream",
  "IndexQuery",
  "TransactWrite2",
  "TransactWrite10",
  "TransactGet2",
  "ExecuteStatement",
] as const;
export type ComparedWorkload = (typeof comparedWorkloads)[number];
/** The one behind it is for tables that grow. */
export type WorkloadName = ComparedWorkload | "MoveIndexKeys";

export const batchItems = 25;
const requestsMax = 10_000;

/** Where one request of a workload stands: which items it is about. */
export interface Turn {
  /** Drawn evenly from the items. */
  readonly index: number;
  /** Its place among the requests of all seeds. */
  readonly place: number;
  /** How many items there are. */
  readonly items: number;
}

export interface Workload {
  readonly operation: string;
  readonly table: BenchTable;
  readonly body: (turn: Turn) => object;
  /** Who cannot take part: dynalite knows neither transactions nor PartiQL. */
  readonly without?: readonly string[] | undefined;
}

/** Requests as they go over the wire, for keys drawn evenly from `items` items. */
export function requestsOf(workload: WorkloadName, items: number, seed: number): readonly Buffer[] {
  const { operation, body } = workloads[workload];
  const random = createRandom(seed);
  const count = workload === "BatchWriteItem" ? requestsMax / batchItems : requestsMax;
  return Array.from({ length: count }, (_, place) =>
    encodeRequest(
      operation,
      body({ index: Math.floor(random() * items), place: seed * count + place, items }),
    ),
  );
}

/** BatchWriteItem requests that together store the items from `from` until `until`. */
export function* loadRequests(table: BenchTable, from: number, until: number): Generator<Buffer> {
  for (let index = from; index < until; index += batchItems) {
    const count = Math.min(batchItems, until - index);
    yield encodeRequest("BatchWriteItem", putBatch(table, { index, count, items: until }));
  }
}

/** One request of a workload as name and JSON, for clients that build their own HTTP. */
export function sampleRequest(workload: WorkloadName, items: number): { operation: string; body: string } {
  const { operation, body } = workloads[workload];
  return { operation, body: JSON.stringify(body({ index: Math.floor(items / 2), place: 0, items })) };
}

/**
 * Headers of a request; an operation of another service than DynamoDB is given with its target in front. The signature
 * is a constant: neither server verifies it.
 */
export function requestHeaders(operation: string): readonly (readonly [name: string, value: string])[] {
  const credential = "AKIABENCHBENCHBENCH1/20261001/us-east-1/dynamodb/aws4_request";
  return [
    ["x-amz-target", operation.includes(".") ? operation : `DynamoDB_20120810.${operation}`],
    ["content-type", "application/x-amz-json-1.0"],
    ["x-amz-date", "20261001T000000Z"],
    [
      "authorization",
      `AWS4-HMAC-SHA256 Credential=${credential}, ` +
        `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${"0".repeat(64)}`,
    ],
  ];
}

const TableName = plainTable.name;
const onlyOurs = ["dynalite", "bare-http"];

export const workloads: Record<WorkloadName, Workload> = {
  GetItem: {
    operation: "GetItem",
    table: plainTable,
    body: ({ index }) => ({ TableName, Key: keyOf(index), ConsistentRead: true }),
  },
  PutItem: {
    operation: "PutItem",
    table: plainTable,
    body: ({ index }) => ({ TableName, Item: plainTable.itemOf(index, 0) }),
  },
  UpdateItem: {
    operation: "UpdateItem",
    table: plainTable,
    body: ({ index }) => ({
      TableName,
      Key: keyOf(index),
      UpdateExpression: "SET #count = #count + :one, #status = :packed",
      ConditionExpression: "attribute_exists(#order) AND #count > :zero",
      ExpressionAttributeNames: { "#count": "count", "#status": "status", "#order": "order" },
      ExpressionAttributeValues: { ":one": { N: "1" }, ":zero": { N: "0" }, ":packed": { S: "packed" } },
    }),
  },
  Query: { operation: "Query", table: plainTable, body: ({ index }) => queryOf(index) },
  QueryFilter: {
    operation: "Query",
    table: plainTable,
    body: ({ index }) => ({
      ...queryOf(index),
      FilterExpression: "amount >= :least AND contains(tags, :tag)",
      ExpressionAttributeValues: {
        ":customer": { S: customerOf(index) },
        ":least": { N: "5000" },
        ":tag": { S: "gift" },
      },
    }),
  },
  BatchWriteItem: {
    operation: "BatchWriteItem",
    table: plainTable,
    body: ({ index, items }) => putBatch(plainTable, { index, count: batchItems, items }),
  },
  Put0Indexes: changingPut(indexedTable(0)),
  Put1Index: changingPut(indexedTable(1)),
  Put5Indexes: changingPut(indexedTable(5)),
  Put5KeysOnly: changingPut(indexedTable(5, "KEYS_ONLY")),
  Put20Indexes: changingPut(indexedTable(20)),
  PutStream: { ...changingPut(streamedTable), without: onlyOurs },
  IndexQuery: {
    operation: "Query",
    table: indexedTable(1),
    body: ({ index }) => ({
      TableName: indexedTable(1).name,
      IndexName: indexNameOf(0),
      KeyConditionExpression: "group00 = :group",
      ExpressionAttributeValues: { ":group": { S: groupOf(index) } },
    }),
  },
  TransactWrite2: transaction(2),
  TransactWrite10: transaction(10),
  TransactGet2: {
    operation: "TransactGetItems",
    table: plainTable,
    body: (turn) => ({
      TransactItems: differentItems(turn, 2).map((index) => ({ Get: { TableName, Key: keyOf(index) } })),
    }),
    without: onlyOurs,
  },
  ExecuteStatement: {
    operation: "ExecuteStatement",
    table: plainTable,
    body: ({ index }) => ({
      Statement: `SELECT * FROM "${TableName}" WHERE "customer" = ? AND "order" = ?`,
      Parameters: [{ S: customerOf(index) }, { S: orderOf(index) }],
      ConsistentRead: true,
    }),
    without: onlyOurs,
  },
  MoveIndexKeys: {
    operation: "UpdateItem",
    table: growingTable,
    body: ({ index, place }) => {
      const { team, rank } = movedKeys(index, place + 1);
      return {
        TableName: growingTable.name,
        Key: keyOf(index),
        UpdateExpression: "SET team = :team, #rank = :rank",
        ExpressionAttributeNames: { "#rank": "rank" },
        ExpressionAttributeValues: { ":team": team, ":rank": rank },
      };
    },
  },
};

/** Every table that is filled by name. */
export const benchTables: ReadonlyMap<string, BenchTable> = new Map(
  [...Object.values(workloads).map(({ table }) => table), expiringTable].map((table) => [table.name, table]),
);

/** Puts over items that are there, each with new index keys. */
function changingPut(table: BenchTable): Workload {
  return {
    operation: "PutItem",
    table,
    body: ({ index, place, items }) => {
      // Every item often enough that one round of the requests does not end as it began.
      const few = index % Math.ceil(items / 8);
      return { TableName: table.name, Item: table.itemOf(few, place + 1) };
    },
    without: ["bare-http"],
  };
}

/** Puts of several items, all or none. */
function transaction(puts: number): Workload {
  return {
    operation: "TransactWriteItems",
    table: plainTable,
    body: (turn) => ({
      TransactItems: differentItems(turn, puts).map((index) => ({
        Put: { TableName, Item: plainTable.itemOf(index, 0) },
      })),
    }),
    without: onlyOurs,
  };
}

/** Items from all over the table that no request nearby is about: transactions that meet would refuse each other. */
export function differentItems({ place, items }: Turn, count: number): readonly number[] {
  const stride = 7919;
  return Array.from({ length: count }, (_, offset) => ((place * count + offset) * stride) % items);
}

function queryOf(index: number): object {
  return {
    TableName,
    KeyConditionExpression: "customer = :customer",
    ExpressionAttributeValues: { ":customer": { S: customerOf(index) } },
  };
}

function putBatch(
  table: BenchTable,
  { index, count, items }: { index: number; count: number; items: number },
): object {
  const puts = Array.from({ length: count }, (_, offset) => ({
    PutRequest: { Item: table.itemOf((index + offset) % items, 0) },
  }));
  return { RequestItems: { [table.name]: puts } };
}

/** A request as it goes over the wire. */
export function encodeRequest(operation: string, body: object): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const headers = requestHeaders(operation).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n${headers.join("")}content-length: ${String(json.length)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}
