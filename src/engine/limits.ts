import { assert } from "../base/assert.ts";
import type { EngineLimits } from "./engine.ts";

/**
 * What the embedded engines hold: the same in memory and on disk, so that what works here works there. Keys stay one
 * byte below what LMDB takes with 8 KiB pages, so that the bound behind the longest key is a key too.
 */
export const embeddedLimits: EngineLimits = { keyBytesMax: 4_025, valueBytesMax: 4_194_304 };

/** Keeps a bug of a caller from reaching an engine that would refuse it only when it commits. */
export function assertFits(key: Uint8Array, value: Uint8Array): void {
  assert(key.length > 0 && key.length <= embeddedLimits.keyBytesMax, "a key fits the engine");
  assert(value.length <= embeddedLimits.valueBytesMax, "a value fits the engine");
}
