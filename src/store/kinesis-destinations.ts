/** The Kinesis destinations of a table, and the readers of its change log that stand for them. */
import type { LogReader } from "./change-log/log-state.ts";
import type { KinesisDestination } from "./kinesis-destination.ts";
import type { TableDefinition } from "./table.ts";

/** How long a record that cannot be delivered is tried again: the service's own patience. */
export const deliveryRetentionMs = 168 * 60 * 60_000;

const readerPrefix = "kinesis/";

export function newReaderId(uuid: string): string {
  return readerPrefix + uuid;
}

/** Whether a reader of a change log is the delivery to a Kinesis stream. */
export function isKinesisReader({ id }: LogReader): boolean {
  return id.startsWith(readerPrefix);
}

/** Whether changes are logged for it. */
export function isLive({ state }: KinesisDestination): boolean {
  return state === "enabling" || state === "active" || state === "disabling";
}

/** The definition with these destinations, and a log kept for those that are live. */
export function withDestinations(
  definition: TableDefinition,
  kinesisDestinations: readonly KinesisDestination[],
): TableDefinition {
  const others = definition.logReaders?.filter((reader) => !isKinesisReader(reader)) ?? [];
  const own = kinesisDestinations.filter(isLive).map(readerOf);
  const logReaders = [...others, ...own];
  return { ...definition, kinesisDestinations, logReaders: logReaders.length === 0 ? undefined : logReaders };
}

function readerOf({ readerId }: KinesisDestination): LogReader {
  return { id: readerId, images: { before: true, after: true }, retentionMs: deliveryRetentionMs };
}

/** The definition with the destination that has the stream of `changed` replaced by it. */
export function withDestination(definition: TableDefinition, changed: KinesisDestination): TableDefinition {
  const destinations = definition.kinesisDestinations ?? [];
  return withDestinations(
    definition,
    destinations.map((destination) => (destination.streamArn === changed.streamArn ? changed : destination)),
  );
}
