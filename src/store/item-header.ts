/**
 * The first bytes of every stored item. Byte 0 is the version of the format, byte 1 is for flags to come (encryption),
 * bytes 2–5 hold the size by the service's rules, bytes 6–11 the milliseconds at which the item was written.
 */
export const itemHeaderBytes = 12;
const formatVersion = 1;
/** Where the size stands. */
export const sizeInHeaderAt = 2;

export function writeItemHeader(value: Buffer, sizeBytes: number, writtenAt: number): void {
  value[0] = formatVersion;
  value[1] = 0;
  value.writeUInt32BE(sizeBytes, sizeInHeaderAt);
  value.writeUIntBE(writtenAt, 6, 6);
}

export function hasKnownFormat(value: Uint8Array): boolean {
  return value[0] === formatVersion && value[1] === 0;
}

export function sizeInHeader(value: Uint8Array): number {
  let size = 0;
  for (let index = sizeInHeaderAt; index < sizeInHeaderAt + 4; index += 1)
    size = size * 256 + (value[index] ?? 0);
  return size;
}
