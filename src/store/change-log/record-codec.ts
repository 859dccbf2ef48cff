/**
 * Records of the change log as bytes. Byte 0 is the version of the format, byte 1 the kind, byte 2 the origin, byte 3
 * says what images there are, bytes 4–9 hold the time in milliseconds, bytes 10–13 the length of the first image; the
 * images follow as they are stored with the items.
 */
import { assert } from "../../base/assert.ts";
import { bufferOf } from "../../base/bytes.ts";
import { decodeItem } from "../item-codec.ts";
import type { StoredItem } from "../stored-item.ts";
import type { ChangeRecord } from "./change-log.ts";
import type { ChangeOrigin } from "./log-state.ts";

const formatVersion = 1;
const headerBytes = 14;

const kinds = ["insert", "modify", "remove"] as const;
const origins = ["user", "expiry"] as const;
/** A record without images holds the key. */
const Holds = { before: 1, after: 2, key: 4, beforeApart: 8 } as const;

/**
 * Two images of the largest items can be more than an engine takes as one value. So large a record keeps the image from
 * before in an entry of its own.
 */
const togetherBytesMax = 1_048_576;

export type RecordContent = Omit<ChangeRecord, "sequence">;

export interface EncodedRecord {
  readonly value: Uint8Array;
  readonly beforeApart: Uint8Array | undefined;
}

export function encodeRecord({ kind, origin, writtenAt, key, before, after }: RecordContent): EncodedRecord {
  const apart =
    bytesOf(before) + bytesOf(after) > togetherBytesMax && before !== undefined && after !== undefined;
  const first = apart ? undefined : before;
  const images = first === undefined && after === undefined ? [key] : [first, after].filter(isPresent);
  const length = images.reduce((bytes, image) => bytes + image.bytes.length, headerBytes);
  const value = Buffer.allocUnsafe(length);
  value[0] = formatVersion;
  value[1] = kinds.indexOf(kind);
  value[2] = origins.indexOf(origin);
  value[3] =
    (first === undefined ? 0 : Holds.before) |
    (after === undefined ? 0 : Holds.after) |
    (first === undefined && after === undefined ? Holds.key : 0) |
    (apart ? Holds.beforeApart : 0);
  value.writeUIntBE(writtenAt, 4, 6);
  value.writeUInt32BE(bytesOf(images[0]), 10);
  let at = headerBytes;
  for (const { bytes } of images) {
    value.set(bytes, at);
    at += bytes.length;
  }
  return { value, beforeApart: apart ? before.bytes : undefined };
}

function bytesOf(image: StoredItem | undefined): number {
  return image?.bytes.length ?? 0;
}

function isPresent(image: StoredItem | undefined): image is StoredItem {
  return image !== undefined;
}

export function keepsBeforeApart(value: Uint8Array): boolean {
  return ((value[3] ?? 0) & Holds.beforeApart) !== 0;
}

export function writtenAtOf(value: Uint8Array): number {
  return bufferOf(value).readUIntBE(4, 6);
}

export function decodeRecord(
  sequence: number,
  value: Uint8Array,
  beforeApart: Uint8Array | undefined,
): ChangeRecord {
  assert(value[0] === formatVersion, "a record of a change has a format this server knows");
  const bytes = bufferOf(value);
  const holds = value[3] ?? 0;
  const firstEnd = headerBytes + bytes.readUInt32BE(10);
  const first = () => decodeItem(bytes.subarray(headerBytes, firstEnd));
  const inside = (holds & Holds.before) === 0 ? undefined : first();
  const before = beforeApart === undefined ? inside : decodeItem(beforeApart);
  const after = afterImage(bytes, holds, inside === undefined ? headerBytes : firstEnd);
  return {
    sequence,
    kind: memberAt(kinds, value[1]),
    origin: memberAt<ChangeOrigin>(origins, value[2]),
    writtenAt: writtenAtOf(value),
    key: after ?? before ?? first(),
    before,
    after,
  };
}

function afterImage(bytes: Buffer, holds: number, from: number): StoredItem | undefined {
  return (holds & Holds.after) === 0 ? undefined : decodeItem(bytes.subarray(from));
}

function memberAt<T>(members: readonly T[], index: number | undefined): T {
  const member = members[index ?? -1];
  assert(member !== undefined, "a record of a change names what this server knows");
  return member;
}
