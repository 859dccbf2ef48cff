/** Event sources by their ARNs: those there are here are the streams of tables. */
import {
  malformedSourceArn,
  sourceNotFound,
  unrecognizedSource,
} from "../../model/messages/event-source-mappings.ts";
import type { MappedStream } from "../../store/event-source-mapping.ts";
import { isTableName, parseArn, partitionOf } from "../table-arn.ts";
import type { LambdaContext } from "./operation.ts";

const resourcePattern = /^table\/([^/]+)\/stream\/([0-9T:.-]+)$/;

/** The stream that an ARN names, wherever it is said to be; undefined when it names none. */
function streamIn(arn: string): MappedStream | undefined {
  const parts = resourcePattern.exec(parseArn(arn)?.resource ?? "");
  const [, tableName = "", label = ""] = parts ?? [];
  return isTableName(tableName) ? { tableName, label } : undefined;
}

/** Refuses ARNs that are none, or of another kind of source. */
export function checkSourceArn(arn: string | undefined): { arn: string; stream: MappedStream } {
  if (arn === undefined) throw unrecognizedSource();
  const parsed = parseArn(arn);
  if (parsed === undefined) throw malformedSourceArn(arn);
  const stream = streamIn(arn);
  if (parsed.service !== "dynamodb" || stream === undefined) throw unrecognizedSource();
  return { arn, stream };
}

/** Refuses streams that there are not, or that belong to others. */
export async function checkOwnStream(
  { arn, stream }: { readonly arn: string; readonly stream: MappedStream },
  { store, caller }: LambdaContext,
): Promise<void> {
  const parsed = parseArn(arn);
  const isOwn =
    parsed?.partition === partitionOf(caller.region) &&
    parsed.region === caller.region &&
    parsed.accountId === caller.accountId;
  const found = isOwn
    ? await store.changeLog.streams.find(caller, stream.tableName, stream.label)
    : undefined;
  if (found === undefined) throw sourceNotFound(arn);
}
