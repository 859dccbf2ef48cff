import { textOf } from "../base/bytes.ts";

/** How records of one type stand in the engine as JSON: members that are undefined are left out. */
export interface JsonRecord<T> {
  readonly encode: (record: T) => Uint8Array;
  /** `value` is what `encode` made, by this server or an earlier one, from `start` on. */
  readonly decode: (value: Uint8Array, start?: number) => T;
}

export function jsonRecord<T>(): JsonRecord<T> {
  return {
    encode: (record) => Buffer.from(JSON.stringify(record)),
    decode: (value, start = 0) => JSON.parse(textOf(value, start)) as T,
  };
}
