import type { Alarm } from "../../base/alarm.ts";
import type { Clock } from "../../base/clock.ts";
import type { Functions } from "../../base/functions.ts";
import type { Log } from "../../base/log.ts";
import type { EventSourceMapping } from "../../store/event-source-mapping.ts";
import type { Store } from "../../store/store.ts";

/** What triggers work with. */
export interface TriggerTools {
  readonly store: Pick<Store, "changeLog" | "cursors" | "eventSourceMappings">;
  readonly functions: Functions;
  /** Tells a destination, an ARN or a URL, of a batch that was given up; rejects when it could not. */
  readonly tellFailure: (destination: string, document: string, region: string) => Promise<void>;
  readonly arns: TriggerArns;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** Who leases cursors. A server that comes back under the same name goes on at once. */
  readonly owner: string;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface TriggerArns {
  readonly stream: (mapping: EventSourceMapping) => string;
  readonly function: (mapping: EventSourceMapping) => string;
}
