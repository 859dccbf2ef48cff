/** A shard as the engine keeps it, from its opening until its last record has been erased. */
import { textOf } from "../../base/bytes.ts";
import type { Shard } from "./change-log.ts";

export function encodeShard(shard: Shard): Uint8Array {
  return Buffer.from(JSON.stringify(shard));
}

export function decodeShard(value: Uint8Array): Shard {
  return JSON.parse(textOf(value, 0)) as Shard;
}
