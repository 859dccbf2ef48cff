/** Requests call streams by their ARNs, and shards by their names: from those to what they name. */
import { foreignAccount } from "../../model/messages/tables.ts";
import { invalidStreamArn, shardNotFound, streamNotFound } from "../../model/messages/streams.ts";
import { parseShardName, type NamedShard } from "../../model/shard-name.ts";
import { streamRetentionMs, type Shard, type Stream } from "../../store/change-log/change-log.ts";
import type { Context } from "../operation.ts";
import { isTableName, parseArn, partitionOf, streamArn } from "../table-arn.ts";

/** What an ARN says of a stream, whether or not there is one. */
export interface StreamName {
  readonly tableName: string;
  readonly label: string;
}

/** Refuses what is not the ARN of a stream. */
export function checkStreamArn(arn: string): StreamName {
  const { service, resource = "" } = parseArn(arn) ?? {};
  const [kind, tableName = "", part, label = "", ...rest] = resource.split("/");
  const isStream = service === "dynamodb" && kind === "table" && part === "stream";
  if (!isStream || label === "" || rest.length > 0 || !isTableName(tableName)) throw invalidStreamArn();
  return { tableName, label };
}

/** The stream with an ARN, of the caller's own. */
export async function existingStream({ store, caller, clock }: Context, arn: string): Promise<Stream> {
  const { tableName, label } = checkStreamArn(arn);
  const { partition, region, accountId } = parseArn(arn) ?? {};
  if (accountId !== caller.accountId) throw foreignAccount();
  if (region !== caller.region || partition !== partitionOf(caller.region)) throw streamNotFound(arn);
  const stream = await store.changeLog.streams.find(caller, tableName, label);
  if (stream === undefined || isOver(stream, clock.now())) throw streamNotFound(arn);
  return stream;
}

/** Whether a stream has been disabled for so long that there is nothing left of it to read. */
export function isOver({ disabledAt }: Stream, now: number): boolean {
  return disabledAt !== undefined && now - disabledAt >= streamRetentionMs;
}

/** The shard of a stream that clients know by `name`. */
export async function existingShard({ store }: Context, stream: Stream, name: string): Promise<Shard> {
  const { shardId, openedAt } = checkShardName(stream, name);
  const shard = await store.changeLog.shard({ tableId: stream.tableId, shardId });
  if (shard?.openedAt !== openedAt) throw shardNotFound();
  return shard;
}

/** Refuses what no shard of the stream can be called. It need not exist any more. */
export function checkShardName(stream: Stream, name: string): NamedShard {
  const named = parseShardName(name);
  if (named === undefined || !holds(stream, named.shardId)) throw shardNotFound();
  return named;
}

export function holds({ fromShardId, untilShardId }: Stream, shardId: number): boolean {
  return shardId >= fromShardId && (untilShardId === undefined || shardId < untilShardId);
}

export function arnOf({ scope, tableName, label }: Stream): string {
  return streamArn(scope, tableName, label);
}
