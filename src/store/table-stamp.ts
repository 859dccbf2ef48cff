/** The version a table was read at, and the check that it still holds. */
import type { Table } from "./table.ts";

/** The table has changed or gone since it was read: read it again and start over. Dispatch does. */
export class StaleTableError extends Error {
  override readonly name = "StaleTableError";

  constructor(message = "a table changed while a request used it") {
    super(message);
  }
}

/** Refuses to go on with a table that is no longer the one in the catalog. */
export function checkStamp(table: Table, stamp: Uint8Array | undefined): void {
  if (stamp === undefined || decodeStamp(stamp) !== table.version) {
    throw new StaleTableError();
  }
}

export function encodeStamp(number: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

export function decodeStamp(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
}
