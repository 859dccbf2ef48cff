import type { Alarm } from "../../base/alarm.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Store } from "../../store/store.ts";
import type { Duty } from "../duty.ts";
import type { Kinesis } from "./kinesis-stream.ts";

/** What deliveries work with. */
export interface DeliveryTools {
  readonly store: Pick<Store, "changeLog" | "cursors" | "tables">;
  readonly kinesis: Kinesis;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** By name: each destination is delivered to by one server at a time. */
  readonly dutyOf: (name: string) => Duty;
  /** By what name this server is known to the others. */
  readonly owner: string;
}

/** How long a stream may take to answer. */
export const answerMsMax = 10_000;
