import { streamRecord } from "../../model/stream-record.ts";
import { sequenceNumberOf } from "../../model/sequence-number.ts";
import type { ViewedChange } from "../../store/change-log/viewed-change.ts";

/** A record on its way to a function. */
export interface DeliveredRecord {
  readonly sequence: number;
  readonly sequenceNumber: string;
  /** Milliseconds since the epoch. */
  readonly writtenAt: number;
  /** JSON, and how long that is. */
  readonly text: string;
  readonly bytes: number;
}

/** Who deletes items whose time is over: in lower camel case here, though not in DynamoDB Streams. */
const expiryIdentity = { type: "Service", principalId: "dynamodb.amazonaws.com" };

/** A change as Lambda tells functions of it. */
export function lambdaRecord(change: ViewedChange, streamArn: string) {
  const { userIdentity, ...record } = streamRecord({
    ...change,
    oldImage: change.oldImage?.item,
    newImage: change.newImage?.item,
  });
  return {
    ...record,
    ...(userIdentity !== undefined && { userIdentity: expiryIdentity }),
    eventSourceARN: streamArn,
  };
}

export function deliveredRecord(
  { sequence, writtenAt }: ViewedChange,
  record: ReturnType<typeof lambdaRecord>,
): DeliveredRecord {
  const text = JSON.stringify(record);
  const bytes = Buffer.byteLength(text);
  return { sequence, sequenceNumber: sequenceNumberOf(sequence), writtenAt, text, bytes };
}
