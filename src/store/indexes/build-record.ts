/** How far the construction of an index has come: what any server needs to go on with it. */
import { assert } from "../../base/assert.ts";
import { bufferOf } from "../../base/bytes.ts";
import type { KeptLease } from "../lease.ts";

/** Its lease is of who works on it. */
export interface BuildRecord extends KeptLease {
  readonly tableName: string;
  readonly indexName: string;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  /** The items looked at so far. */
  readonly itemsRead: number;
  /** The key of the last of them. */
  readonly cursor: Uint8Array | undefined;
}

/** A build that nobody has worked on. */
export function newBuild(
  build: Pick<BuildRecord, "tableName" | "indexName"> & { readonly startsAt: number | undefined },
): BuildRecord {
  return {
    ...build,
    startsAt: build.startsAt ?? 0,
    itemsRead: 0,
    cursor: undefined,
    owner: "",
    leasedUntil: 0,
  };
}

/**
 * Byte 0 is the version of the format, bytes 1–2 the length of the names, three numbers of 8 bytes follow, then the
 * names and the cursor to the end.
 */
const formatVersion = 1;
const namesAt = 1 + 2 + 3 * 8;
/** Neither tables nor indexes nor owners have it in their names. */
const betweenNames = "\0";

export function encodeBuildRecord(record: BuildRecord): Uint8Array {
  const head = Buffer.alloc(namesAt);
  const names = Buffer.from([record.tableName, record.indexName, record.owner].join(betweenNames));
  head[0] = formatVersion;
  head.writeUInt16BE(names.length, 1);
  head.writeDoubleBE(record.startsAt, 3);
  head.writeDoubleBE(record.itemsRead, 11);
  head.writeDoubleBE(record.leasedUntil, 19);
  return Buffer.concat([head, names, record.cursor ?? Buffer.alloc(0)]);
}

export function decodeBuildRecord(value: Uint8Array): BuildRecord {
  assert(value[0] === formatVersion, "an index build has a format this server knows");
  const buffer = bufferOf(value);
  const cursorAt = namesAt + buffer.readUInt16BE(1);
  const names = buffer.toString("utf8", namesAt, cursorAt).split(betweenNames);
  const [tableName = "", indexName = "", owner = ""] = names;
  return {
    tableName,
    indexName,
    owner,
    startsAt: buffer.readDoubleBE(3),
    itemsRead: buffer.readDoubleBE(11),
    leasedUntil: buffer.readDoubleBE(19),
    cursor: cursorAt === buffer.length ? undefined : buffer.subarray(cursorAt),
  };
}
