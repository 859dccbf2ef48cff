import assert from "node:assert/strict";
import { test } from "node:test";
import { streamRecord, type StreamChange } from "./stream-record.ts";

const change: StreamChange = {
  eventId: "0123456789abcdef0123456789abcdef",
  region: "eu-west-1",
  viewType: "OLD_IMAGE",
  sequence: 42,
  kind: "remove",
  origin: "user",
  writtenAt: 1_790_000_000_999,
  keys: { pk: { S: "a" } },
  oldImage: { pk: { S: "a" }, n: { N: "1" } },
  newImage: undefined,
  sizeBytes: 9,
};

const record = {
  eventID: "0123456789abcdef0123456789abcdef",
  eventName: "REMOVE",
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "eu-west-1",
  dynamodb: {
    ApproximateCreationDateTime: 1_790_000_000,
    Keys: { pk: { S: "a" } },
    OldImage: { pk: { S: "a" }, n: { N: "1" } },
    SequenceNumber: "100000000000000000042",
    SizeBytes: 9,
    StreamViewType: "OLD_IMAGE",
  },
};

test("a change of a client's names nobody", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(streamRecord(change))), record);
});

test("what the service deletes because its time is over names the service", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(streamRecord({ ...change, origin: "expiry" }))), {
    ...record,
    userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
  });
});

test("a change is an INSERT, a MODIFY or a REMOVE", () => {
  const names = (["insert", "modify", "remove"] as const).map(
    (kind) => streamRecord({ ...change, kind }).eventName,
  );
  assert.deepEqual(names, ["INSERT", "MODIFY", "REMOVE"]);
});
