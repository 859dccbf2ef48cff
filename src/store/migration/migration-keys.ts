/** The key bytes that copying an engine goes by: what is copied, and to which table an entry belongs. */
import { bufferOf } from "../../base/bytes.ts";
import type { KeyRange } from "../../engine/engine.ts";
import { Keyspace, prefixRange } from "../keyspace.ts";

/** Where the target of a migration says how far that has come, until it is finished. */
export const migrationKey: Uint8Array = Buffer.of(Keyspace.migration, 0);

export const catalogRange: KeyRange = prefixRange(Buffer.of(Keyspace.catalog));

const firstKey = Buffer.of(0);
const behindAllKeys = Buffer.of(255);

/** Every key there can be. */
export const everything: KeyRange = { from: firstKey, until: behindAllKeys };

/** Every entry but tallies, which not every engine keeps as entries, and what migrations leave themselves. */
export const copiedRanges: readonly KeyRange[] = rangesWithout([Keyspace.statistics, Keyspace.migration]);

function rangesWithout(keyspaces: readonly number[]): readonly KeyRange[] {
  let from: Uint8Array = firstKey;
  const ranges: KeyRange[] = [];
  for (const keyspace of keyspaces) {
    const gap = prefixRange(Buffer.of(keyspace));
    ranges.push({ from, until: gap.from });
    from = gap.until;
  }
  return [...ranges, { from, until: behindAllKeys }];
}

/** Entries that are counted together; those of one group lie next to each other. */
export interface Group {
  readonly keyspace: number;
  /** Present in the keyspaces that are in the order of tables. */
  readonly tableId?: number;
}

const tableKeyspaces: ReadonlySet<number> = new Set([Keyspace.item, Keyspace.index, Keyspace.collectionSize]);

export function groupOf(key: Uint8Array): Group {
  const keyspace = key[0] ?? 0;
  return tableKeyspaces.has(keyspace) ? { keyspace, tableId: bufferOf(key).readUInt32BE(1) } : { keyspace };
}

export function isSameGroup(left: Group, right: Group): boolean {
  return left.keyspace === right.keyspace && left.tableId === right.tableId;
}

const keyspaceNames: Readonly<Record<number, string>> = {
  [Keyspace.catalog]: "definitions",
  [Keyspace.item]: "items",
  [Keyspace.index]: "index entries",
  [Keyspace.changeLog]: "change log",
  [Keyspace.expiry]: "expiry queues",
  [Keyspace.idempotency]: "transaction tokens",
  [Keyspace.collectionSize]: "collection sizes",
  [Keyspace.eventSourceMapping]: "event source mappings",
  [Keyspace.lease]: "leases",
};

/** What people call the entries of a keyspace. */
export function nameOfKeyspace(keyspace: number): string {
  return keyspaceNames[keyspace] ?? `keyspace ${keyspace}`;
}
