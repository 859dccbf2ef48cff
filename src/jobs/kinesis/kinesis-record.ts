/** What a change of an item becomes in a Kinesis stream. */
import { hash } from "node:crypto";
import { textOf } from "../../base/bytes.ts";
import { namedUuid } from "../../base/uuid.ts";
import { attributeOf, emptyItem, type Item } from "../../model/attribute-value.ts";
import type { EncodedItem } from "../../model/encoded-item.ts";
import type { ChangeRecord } from "../../store/change-log/change-log.ts";
import type { TimePrecision } from "../../store/kinesis-destination.ts";
import type { TableDefinition } from "../../store/table.ts";
import { itemSize } from "../../values/size.ts";

export interface KinesisRecord {
  /** One for each item, which keeps its records in one shard. */
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** Where a change comes from, and how its destination wants to have it told. */
export interface RecordOrigin {
  readonly definition: TableDefinition;
  readonly shardId: number;
  readonly precision: TimePrecision | undefined;
}

const eventNames = { insert: "INSERT", modify: "MODIFY", remove: "REMOVE" } as const;
/** In lower camel case here, though not in DynamoDB Streams. */
const expiryIdentity = '{"principalId":"dynamodb.amazonaws.com","type":"Service"}';

/**
 * The record of a change, the same whenever it is made: who gets it twice knows it by its `eventID`. It is put together
 * as text, because the images are JSON already.
 */
export function kinesisRecord(change: ChangeRecord, origin: RecordOrigin): KinesisRecord {
  const { definition, shardId } = origin;
  const { scope, name, uuid } = definition;
  const keys = keysOf(change, definition);
  const keysText = JSON.stringify(keys);
  const members = [
    `"awsRegion":${JSON.stringify(scope.region)}`,
    `"eventID":"${namedUuid(uuid, `${shardId}/${change.sequence}`)}"`,
    `"eventName":"${eventNames[change.kind]}"`,
    `"userIdentity":${change.origin === "expiry" ? expiryIdentity : "null"}`,
    `"recordFormat":"application/json"`,
    `"tableName":${JSON.stringify(name)}`,
    `"dynamodb":{${changeMembers(change, { keysText, keysBytes: itemSize(keys), origin }).join()}}`,
    `"eventSource":"aws:dynamodb"`,
  ];
  return { partitionKey: partitionKeyOf(keysText), data: Buffer.from(`{${members.join()}}`) };
}

interface ChangeParts {
  readonly keysText: string;
  readonly keysBytes: number;
  readonly origin: RecordOrigin;
}

function changeMembers(
  { writtenAt, before, after }: ChangeRecord,
  { keysText, keysBytes, origin: { precision } }: ChangeParts,
): readonly string[] {
  // The log keeps milliseconds.
  const time = precision === "MICROSECOND" ? writtenAt * 1_000 : writtenAt;
  const sizeBytes = keysBytes + (before?.sizeBytes ?? 0) + (after?.sizeBytes ?? 0);
  const members = [`"ApproximateCreationDateTime":${time}`, `"Keys":${keysText}`];
  if (after !== undefined) members.push(`"NewImage":${jsonOf(after)}`);
  if (before !== undefined) members.push(`"OldImage":${jsonOf(before)}`);
  members.push(`"SizeBytes":${sizeBytes}`);
  if (precision !== undefined) members.push(`"ApproximateCreationDateTimePrecision":"${precision}"`);
  return members;
}

function jsonOf({ bytes, start }: EncodedItem): string {
  return textOf(bytes, start);
}

function keysOf({ key }: ChangeRecord, { keySchema }: TableDefinition): Item {
  const keys = emptyItem();
  for (const attribute of [keySchema.partitionKey, keySchema.sortKey]) {
    const value = attribute === undefined ? undefined : attributeOf(key.item, attribute.name);
    if (attribute !== undefined && value !== undefined) keys[attribute.name] = value;
  }
  return keys;
}

/** As the service has it: 32 digits that tell nothing of the key. */
function partitionKeyOf(keysText: string): string {
  return hash("sha256", keysText).slice(0, 32).toUpperCase();
}
