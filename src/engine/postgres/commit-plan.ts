/** From what a body read and staged to the statements of its commit. */
import { compareBytes } from "../../base/bytes.ts";
import type { Hold } from "../engine.ts";
import { byteaArray } from "./bytea.ts";
import type { Statement } from "./connections/connections.ts";
import type { Statements } from "./statements.ts";

/** What a key held when it was read. */
export interface Known {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
  readonly hold: Hold;
  /** Which statement read it, counted from 0: later ones see later moments. */
  readonly read: number;
}

/** What a body leaves at a key; undefined deletes. */
export interface Staged {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

export interface Write {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

type ByName<Value> = ReadonlyMap<string, Value>;

/** What a body did. */
export interface Done {
  readonly known: ByName<Known>;
  readonly staged: ByName<Staged>;
  /** Whether it wrote something else. */
  readonly writesMore: boolean;
}

/** Empty when there is nothing to write and nothing to confirm. */
export function planCommit(
  { known, staged, writesMore }: Done,
  { insert, upsert, remove }: Statements,
): readonly Write[] {
  const inserts: Staged[] = [];
  const upserts: Staged[] = [];
  const removed: Uint8Array[] = [];
  for (const [name, one] of staged) {
    const before = known.get(name);
    const isAbsent = before !== undefined && before.value === undefined;
    if (one.value !== undefined) (isAbsent ? inserts : upserts).push(one);
    else if (!isAbsent) removed.push(one.key);
    // What was never read is held by writing it first, so that a deletion meets whoever makes such a row.
    if (one.value === undefined && before === undefined) upserts.push(one);
  }
  const writes = writesMore || inserts.length > 0 || upserts.length > 0 || removed.length > 0;
  for (const key of toConfirm(known, staged, writes)) {
    inserts.push({ key, value: undefined });
    removed.push(key);
  }
  return [
    ...(inserts.length > 0 ? [{ statement: insert, values: rowsOf(inserts) }] : []),
    ...(upserts.length > 0 ? [{ statement: upsert, values: rowsOf(upserts) }] : []),
    ...(removed.length > 0
      ? [{ statement: remove, values: [byteaArray(removed.toSorted(compareBytes))] }]
      : []),
  ];
}

/** In key order, so that transactions that meet wait for each other and do not lock each other up. */
function rowsOf(entries: readonly Staged[]): readonly unknown[] {
  const sorted = entries.toSorted((left, right) => compareBytes(left.key, right.key));
  return [byteaArray(sorted.map(({ key }) => key)), byteaArray(sorted.map(({ value }) => value))];
}

/** The keys that were read as absent, are not put, and must still be absent when the transaction ends. */
function toConfirm(known: ByName<Known>, staged: ByName<Staged>, writes: boolean): readonly Uint8Array[] {
  const absent = [...known].filter(([, { value }]) => value === undefined);
  if (absent.length === 0 || (!writes && isOneMoment([...known.values()]))) return [];
  return absent.filter(([name]) => staged.get(name)?.value === undefined).map(([, { key }]) => key);
}

/**
 * Whether everything else was held already when the one absent row was looked for: a body that only read then has seen
 * one moment. Two absent rows prove nothing, even of one statement: one that was there at the statement's moment may
 * have gone while the statement waited for it, and the other have come meanwhile.
 */
function isOneMoment(known: readonly Known[]): boolean {
  const [absent, ...others] = known.filter(({ value }) => value === undefined);
  if (absent === undefined || others.length > 0) return absent === undefined;
  return known.every((one) => one === absent || one.read < absent.read);
}
