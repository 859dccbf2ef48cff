import type { DeliveredRecord } from "./delivered-record.ts";

/** Why a batch was given up, in Lambda's words. */
export type FailureCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export interface GivenUp {
  readonly condition: FailureCondition;
  readonly records: readonly [DeliveredRecord, ...DeliveredRecord[]];
  readonly requestId: string;
  readonly invocations: number;
  /** Of the last call. */
  readonly isFunctionError: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface FailureOrigin {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardName: string;
}

/** What a destination is told of a batch that was given up: where its records are, not what they say. */
export function failureDocument(
  { condition, records, requestId, invocations, isFunctionError, at }: GivenUp,
  { functionArn, streamArn, shardName }: FailureOrigin,
): string {
  const [first] = records;
  const last = records.at(-1) ?? first;
  return JSON.stringify({
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: invocations },
    ...(invocations > 0 && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        ...(isFunctionError && { functionError: "Unhandled" }),
      },
    }),
    version: "1.0",
    timestamp: new Date(at).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shardName,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: secondsText(first.writtenAt),
      approximateArrivalOfLastRecord: secondsText(last.writtenAt),
      batchSize: records.length,
      streamArn,
    },
  });
}

/** Lambda tells times of records and windows to the second. */
export function secondsText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
