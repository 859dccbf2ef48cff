import { createRandom } from "./random.ts";

/** What a round asks of a server, by name. */
export const workloadNames = [
  "GetItem",
  "PutItem",
  "UpdateItem",
  "Query",
  "QueryFilter",
  "BatchWriteItem",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

export const tableName = "bench";
/** Items of one partition, and of the page that a Query reads. */
export const collectionItems = 20;
const batchItems = 25;
const requestsMax = 10_000;

/** The definition of the table that every workload uses. */
export const tableDefinition = {
  TableName: tableName,
  KeySchema: [
    { AttributeName: "customer", KeyType: "HASH" },
    { AttributeName: "order", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "customer", AttributeType: "S" },
    { AttributeName: "order", AttributeType: "S" },
  ],
  BillingMode: "PAY_PER_REQUEST",
};

/** Requests as they go over the wire, for keys drawn evenly from `items` items. */
export function requestsOf(workload: WorkloadName, items: number, seed: number): readonly Buffer[] {
  const { operation, body } = workloads[workload];
  const random = createRandom(seed);
  const count = workload === "BatchWriteItem" ? requestsMax / batchItems : requestsMax;
  return Array.from({ length: count }, () =>
    encodeRequest(operation, body(Math.floor(random() * items), items)),
  );
}

/** BatchWriteItem requests that together store the items from `from` until `until`. */
export function* loadRequests(from: number, until: number): Generator<Buffer> {
  for (let index = from; index < until; index += batchItems) {
    yield encodeRequest("BatchWriteItem", putBatch(index, Math.min(batchItems, until - index), until));
  }
}

/** One request of a workload as name and JSON, for clients that build their own HTTP. */
export function sampleRequest(workload: WorkloadName, items: number): { operation: string; body: string } {
  const { operation, body } = workloads[workload];
  return { operation, body: JSON.stringify(body(Math.floor(items / 2), items)) };
}

/** Headers of a request. The signature is a constant: neither server verifies it. */
export function requestHeaders(operation: string): readonly (readonly [name: string, value: string])[] {
  const credential = "AKIABENCHBENCHBENCH1/20261001/us-east-1/dynamodb/aws4_request";
  return [
    ["x-amz-target", `DynamoDB_20120810.${operation}`],
    ["content-type", "application/x-amz-json-1.0"],
    ["x-amz-date", "20261001T000000Z"],
    [
      "authorization",
      `AWS4-HMAC-SHA256 Credential=${credential}, ` +
        `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${"0".repeat(64)}`,
    ],
  ];
}

/** An item of about 400 bytes with ten attributes. */
export function itemOf(index: number): object {
  return {
    ...keyOf(index),
    status: { S: index % 2 === 0 ? "shipped" : "packed" },
    amount: { N: String((index * 37) % 10_000) },
    count: { N: "1" },
    express: { BOOL: index % 3 === 0 },
    tags: { SS: ["gift", "fragile"] },
    lines: { L: [{ S: `product-${String(index % 997)}` }, { N: String(index % 9) }] },
    address: { M: { city: { S: "Rotterdam" }, street: { S: "Coolsingel 40" }, zip: { S: "3011 AD" } } },
    note: {
      S: "Please ring twice and leave the parcel with the neighbours on the left hand side. ".repeat(2),
    },
  };
}

const workloads: Record<WorkloadName, { operation: string; body: (index: number, items: number) => object }> =
  {
    GetItem: {
      operation: "GetItem",
      body: (index) => ({ TableName: tableName, Key: keyOf(index), ConsistentRead: true }),
    },
    PutItem: { operation: "PutItem", body: (index) => ({ TableName: tableName, Item: itemOf(index) }) },
    UpdateItem: {
      operation: "UpdateItem",
      body: (index) => ({
        TableName: tableName,
        Key: keyOf(index),
        UpdateExpression: "SET #count = #count + :one, #status = :packed",
        ConditionExpression: "attribute_exists(#order) AND #count > :zero",
        ExpressionAttributeNames: { "#count": "count", "#status": "status", "#order": "order" },
        ExpressionAttributeValues: { ":one": { N: "1" }, ":zero": { N: "0" }, ":packed": { S: "packed" } },
      }),
    },
    Query: { operation: "Query", body: (index) => queryOf(index) },
    QueryFilter: {
      operation: "Query",
      body: (index) => ({
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
      body: (index, items) => putBatch(index, batchItems, items),
    },
  };

function queryOf(index: number): object {
  return {
    TableName: tableName,
    KeyConditionExpression: "customer = :customer",
    ExpressionAttributeValues: { ":customer": { S: customerOf(index) } },
  };
}

function putBatch(from: number, count: number, items: number): object {
  const puts = Array.from({ length: count }, (_, offset) => ({
    PutRequest: { Item: itemOf((from + offset) % items) },
  }));
  return { RequestItems: { [tableName]: puts } };
}

function keyOf(index: number): object {
  return { customer: { S: customerOf(index) }, order: { S: `order#${padded(index % collectionItems, 4)}` } };
}

function customerOf(index: number): string {
  return `customer#${padded(Math.floor(index / collectionItems), 8)}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

function encodeRequest(operation: string, body: object): Buffer {
  const json = Buffer.from(JSON.stringify(body));
  const headers = requestHeaders(operation).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n${headers.join("")}content-length: ${String(json.length)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), json]);
}
