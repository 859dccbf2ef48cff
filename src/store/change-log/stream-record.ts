/** A stream as the engine keeps it: it outlives its table. */
import { textOf } from "../../base/bytes.ts";
import type { Stream } from "./change-log.ts";

export function encodeStream(stream: Stream): Uint8Array {
  return Buffer.from(JSON.stringify(stream));
}

export function decodeStream(value: Uint8Array): Stream {
  return JSON.parse(textOf(value, 0)) as Stream;
}
