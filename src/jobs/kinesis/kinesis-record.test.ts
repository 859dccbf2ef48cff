import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveredChange } from "../../../test/fixtures/kinesis.ts";
import { song, songKey, tableDefinition } from "../../../test/fixtures/tables.ts";
import type { Item } from "../../model/attribute-value.ts";
import type { ChangeRecord } from "../../store/change-log/change-log.ts";
import { encodeItem } from "../../store/item-codec.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import { itemSize } from "../../values/size.ts";
import { kinesisRecord, type RecordOrigin } from "./kinesis-record.ts";

const writtenAt = 1_790_000_000_123;
const item = song("Nina", 1, { title: { S: "Sinnerman" }, ["__proto__"]: { N: "10.5" } });
const older = song("Nina", 1);

function stored(image: Item): StoredItem {
  return encodeItem(image, itemSize(image), writtenAt);
}

function change(overrides: Partial<ChangeRecord>): ChangeRecord {
  const key = stored(songKey(older));
  const images = { before: undefined, after: undefined };
  return { sequence: 7, kind: "insert", writtenAt, origin: "user", key, ...images, ...overrides };
}

const origin: RecordOrigin = { definition: tableDefinition(), shardId: 2, precision: undefined };

function textOf(record: ChangeRecord, overrides: Partial<RecordOrigin> = {}): string {
  return Buffer.from(kinesisRecord(record, { ...origin, ...overrides }).data).toString();
}

function madeOf(record: ChangeRecord, overrides: Partial<RecordOrigin> = {}): DeliveredChange {
  return JSON.parse(textOf(record, overrides)) as DeliveredChange;
}

test("an insert has the new image, in the service's order of members", () => {
  assert.equal(
    textOf(change({ after: stored(item) })),
    '{"awsRegion":"us-east-1","eventID":"223aee89-93e0-5b75-86e8-8d8dea83f0ea","eventName":"INSERT",' +
      '"userIdentity":null,"recordFormat":"application/json","tableName":"Music","dynamodb":{' +
      '"ApproximateCreationDateTime":1790000000123,' +
      '"Keys":{"artist":{"S":"Nina"},"track":{"N":"1"}},' +
      '"NewImage":{"artist":{"S":"Nina"},"track":{"N":"1"},"title":{"S":"Sinnerman"},"__proto__":{"N":"10.5"}},' +
      '"SizeBytes":60},"eventSource":"aws:dynamodb"}',
  );
});

test("a change has both images, a removal the old one; the size is that of keys and images", () => {
  const changed = madeOf(change({ kind: "modify", before: stored(older), after: stored(item) }));
  assert.equal(changed.eventName, "MODIFY");
  assert.deepEqual(changed.dynamodb.OldImage, older);
  assert.equal(JSON.stringify(changed.dynamodb.NewImage), JSON.stringify(item));
  assert.equal(changed.dynamodb.SizeBytes, 2 * itemSize(older) + itemSize(item));
  const removed = madeOf(change({ kind: "remove", before: stored(older) }));
  assert.equal(removed.eventName, "REMOVE");
  assert.deepEqual(Object.keys(removed.dynamodb), [
    "ApproximateCreationDateTime",
    "Keys",
    "OldImage",
    "SizeBytes",
  ]);
});

test("an expiry tells the service's identity", () => {
  const text = textOf(change({ kind: "remove", before: stored(older), origin: "expiry" }));
  assert.ok(
    text.includes('"userIdentity":{"principalId":"dynamodb.amazonaws.com","type":"Service"},"recordFormat"'),
  );
});

test("the precision is told where somebody chose it, and the time is in its unit", () => {
  const end = (precision: RecordOrigin["precision"]) =>
    madeOf(change({ after: stored(item) }), { precision }).dynamodb;
  assert.equal(end("MICROSECOND").ApproximateCreationDateTime, 1_790_000_000_123_000);
  assert.equal(end("MICROSECOND").ApproximateCreationDateTimePrecision, "MICROSECOND");
  assert.equal(end("MILLISECOND").ApproximateCreationDateTime, 1_790_000_000_123);
  assert.equal(end("MILLISECOND").ApproximateCreationDateTimePrecision, "MILLISECOND");
});

test("a record has the same id whenever it is made, and no other record has it", () => {
  const idOf = (record: ChangeRecord, shardId = 2) => madeOf(record, { shardId }).eventID;
  const id = idOf(change({ after: stored(item) }));
  assert.equal(idOf(change({ after: stored(item) })), id);
  const ids = [id, idOf(change({ sequence: 8 })), idOf(change({}), 3), idOf(change({ sequence: 72 }), 3)];
  assert.equal(new Set(ids).size, 4);
});

test("the records of an item share a partition key of 32 digits, which other items have not", () => {
  const keyOf = (key: Item) => kinesisRecord(change({ key: stored(key) }), origin).partitionKey;
  assert.equal(keyOf(item), keyOf(songKey(older)));
  assert.match(keyOf(item), /^[0-9A-F]{32}$/);
  assert.notEqual(keyOf(item), keyOf(song("Nina", 2)));
});
