import { secondsText } from "./failure-document.ts";

/** A stretch of time whose records a function adds up, call by call. */
export interface TumblingWindow {
  /** Half-open, in milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** JSON: what the function answered last. */
  readonly state: string;
}

/** A state that is longer ends its window at once. */
export const stateBytesMax = 1_048_576;

export function windowAt(time: number, seconds: number): TumblingWindow {
  const ms = seconds * 1_000;
  const from = Math.floor(time / ms) * ms;
  return { from, until: from + ms, state: "{}" };
}

export interface WindowedCall {
  readonly window: TumblingWindow;
  readonly shardName: string;
  readonly streamArn: string;
  readonly isFinal: boolean;
}

/** What an event says of its window, as members of JSON. */
export function windowMembers({ window, shardName, streamArn, isFinal }: WindowedCall): string {
  const isTooLong = Buffer.byteLength(window.state) > stateBytesMax;
  return [
    "",
    `"window":{"start":"${secondsText(window.from)}","end":"${secondsText(window.until)}"}`,
    `"state":${window.state}`,
    `"shardId":"${shardName}"`,
    `"eventSourceARN":${JSON.stringify(streamArn)}`,
    `"isFinalInvokeForWindow":${isFinal}`,
    `"isWindowTerminatedEarly":${isFinal && isTooLong}`,
  ].join();
}

/** How a window is kept beside a cursor. */
export function encodeWindow(window: TumblingWindow | undefined): string | undefined {
  return window === undefined ? undefined : `${window.from} ${window.until} ${window.state}`;
}

export function decodeWindow(text: string | undefined): TumblingWindow | undefined {
  const [, from, until, state] = /^(\d+) (\d+) (.*)$/s.exec(text ?? "") ?? [];
  return state === undefined ? undefined : { from: Number(from), until: Number(until), state };
}
