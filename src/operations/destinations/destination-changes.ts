/** What requests make of the destinations of a table. Pure, because a catalog may run it again. */
import {
  destinationNotDisablable,
  destinationNotEnablable,
  destinationNotUpdatable,
  noSuchDestination,
  precisionChangedTooOften,
  samePrecision,
} from "../../model/messages/destinations.ts";
import type { KinesisDestination, TimePrecision } from "../../store/kinesis-destination.ts";
import { isLive, withDestination, withDestinations } from "../../store/kinesis-destinations.ts";
import type { TableDefinition } from "../../store/table.ts";
import type { Moment } from "../tables/moment.ts";
import { recentTimes } from "../tables/quotas.ts";
import { destinationStatus } from "./destination-status.ts";

const precisionWindowMs = 86_400_000;
const precisionChangesMax = 3;
/** Those that are over stay listed; the service was never seen to forget one. */
const destinationsMax = 50;

export interface EnabledDestination {
  readonly streamArn: string;
  readonly precision: TimePrecision | undefined;
  readonly readerId: string;
}

/** A table delivers to one stream at a time. One that it delivered to before, or failed to, is the same entry again. */
export function enableDestination(
  definition: TableDefinition,
  { streamArn, precision, readerId }: EnabledDestination,
  { now, delayMs }: Moment,
): TableDefinition {
  const all = definition.kinesisDestinations ?? [];
  if (all.some(isLive)) throw destinationNotEnablable();
  const before = all.find((destination) => destination.streamArn === streamArn);
  const enabled: KinesisDestination = {
    streamArn,
    readerId,
    state: "enabling",
    since: now,
    changingUntil: now + delayMs,
    precision,
    precisionChanges: before?.precisionChanges,
  };
  if (before !== undefined) return withDestination(definition, enabled);
  return withDestinations(definition, [enabled, ...all].slice(0, destinationsMax));
}

export function disableDestination(
  definition: TableDefinition,
  streamArn: string,
  { now, delayMs }: Moment,
): TableDefinition {
  const found = definition.kinesisDestinations?.find((destination) => destination.streamArn === streamArn);
  const status = found === undefined ? undefined : destinationStatus(found, now);
  if (found === undefined || (status !== "ACTIVE" && status !== "DISABLING"))
    throw destinationNotDisablable();
  if (status === "DISABLING") return definition;
  return withDestination(definition, {
    ...found,
    state: "disabling",
    since: now,
    changingUntil: now + delayMs,
  });
}

export function updateDestination(
  definition: TableDefinition,
  { streamArn, precision }: { readonly streamArn: string; readonly precision: TimePrecision },
  { now, delayMs }: Moment,
): TableDefinition {
  const { name, uuid: tableUuid } = definition;
  const found = definition.kinesisDestinations?.find((destination) => destination.streamArn === streamArn);
  if (found === undefined) throw noSuchDestination(name, streamArn);
  if (destinationStatus(found, now) !== "ACTIVE") throw destinationNotUpdatable(name, streamArn);
  if (precision === (found.precision ?? "MILLISECOND")) {
    throw samePrecision({ precision, tableUuid, streamArn });
  }
  const changes = recentTimes(found.precisionChanges, now, precisionWindowMs);
  if (changes.length >= precisionChangesMax) throw precisionChangedTooOften({ tableUuid, streamArn });
  const precisionChanges = [...changes, now];
  return withDestination(definition, { ...found, precision, precisionChanges, changingUntil: now + delayMs });
}
