/** What tells that there is a log, and all that is needed of its table once that was removed. */
import { textOf } from "../../base/bytes.ts";
import type { Log } from "./change-log.ts";

export interface LogRecord extends Log {
  /** Grows with every shard: who found the log empty sees by it whether that still holds. */
  readonly nextShardId: number;
}

export function encodeLog(log: LogRecord): Uint8Array {
  return Buffer.from(JSON.stringify(log));
}

export function decodeLog(value: Uint8Array): LogRecord {
  return JSON.parse(textOf(value, 0)) as LogRecord;
}
