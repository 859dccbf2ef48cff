import { assert } from "../../base/assert.ts";
import type { EngineLimits } from "../engine.ts";

/**
 * An index entry of PostgreSQL holds 2,704 bytes, of which a key of one column can have all but 12. A value could be
 * larger; what works with an embedded engine works here and the other way round.
 */
export const postgresLimits: EngineLimits = { keyBytesMax: 2_692, valueBytesMax: 4_194_304 };

/** Keeps a bug of a caller from reaching the database, which would refuse it only when it commits. */
export function assertFits(key: Uint8Array, value: Uint8Array | undefined): void {
  assert(key.length > 0 && key.length <= postgresLimits.keyBytesMax, "a key fits the engine");
  assert((value?.length ?? 0) <= postgresLimits.valueBytesMax, "a value fits the engine");
}
