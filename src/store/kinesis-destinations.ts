/** The Kinesis streams that the changes of a table are delivered to: what is kept of them, beside the table. */
import type { LogReader } from "./change-log/log-state.ts";
import type { TableDefinition } from "./table.ts";

export interface KinesisDestination {
  /** Which stream; a table names each once. */
  readonly streamArn: string;
  /** Under which its delivery reads the change log: a new one each time it is enabled. */
  readonly readerId: string;
  /**
   * Changes are logged for it from the moment it is `enabling`, before anybody knows whether the stream is there, until
   * `disabling` has delivered what was written before. `failed`: it could not be enabled.
   */
  readonly state: "enabling" | "active" | "disabling" | "disabled" | "failed";
  /** When that began (milliseconds since the epoch). */
  readonly since: number;
  /** Until then it shows a change as under way, at least. */
  readonly changingUntil?: number | undefined;
  /** Of the times that records tell; absent: nobody asked, which is milliseconds. */
  readonly precision?: TimePrecision | undefined;
  /** When that was changed, oldest first: as far back as the limit looks. */
  readonly precisionChanges?: readonly number[] | undefined;
  /** Why it failed, or was disabled by nobody's wish. */
  readonly reason?: string | undefined;
}

export type TimePrecision = "MILLISECOND" | "MICROSECOND";

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
