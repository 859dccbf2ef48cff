import type { EngineLimits, Entry } from "../../engine/engine.ts";
import { groupOf } from "./migration-keys.ts";
import { MigrationError } from "./migration-record.ts";
import { nameOfGroup, type TableNames } from "./table-names.ts";

/** Throws when an engine of such limits cannot hold the entry. */
export function checkEntry({ key, value }: Entry, limits: EngineLimits, names: TableNames): void {
  checkKey(key, limits, names);
  if (value.length > limits.valueBytesMax) {
    throw new MigrationError(
      `${nameOfGroup(names, groupOf(key))}: there is a value of ${value.length} bytes, ` +
        `and the target takes at most ${limits.valueBytesMax}`,
    );
  }
}

export function checkKey(key: Uint8Array, { keyBytesMax }: EngineLimits, names: TableNames): void {
  if (key.length > keyBytesMax) {
    throw new MigrationError(
      `${nameOfGroup(names, groupOf(key))}: there is a key of ${key.length} bytes, ` +
        `and the target takes at most ${keyBytesMax}`,
    );
  }
}
