/** Tallies as embedded engines keep them: one entry holds all parts of one. */
import type { Amounts, Tally } from "./engine.ts";

/** Part 0 stands first and always, as two floating-point numbers; the others follow, each behind its number. */
const firstBytes = 16;
const partBytes = 4 + 16;
const none: Amounts = { count: 0, bytes: 0 };

export function decodeTally(value: Uint8Array | undefined): Map<number, Amounts> {
  const tally = new Map<number, Amounts>();
  if (value === undefined) return tally;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const amountsAt = (at: number) => ({ count: view.getFloat64(at), bytes: view.getFloat64(at + 8) });
  tally.set(0, amountsAt(0));
  for (let at = firstBytes; at < value.length; at += partBytes) {
    tally.set(view.getUint32(at), amountsAt(at + 4));
  }
  return tally;
}

function encodeTally(tally: Tally): Uint8Array {
  const others = tally.size - (tally.has(0) ? 1 : 0);
  const value = Buffer.allocUnsafe(firstBytes + others * partBytes);
  writeAmounts(value, 0, tally.get(0) ?? none);
  let at = firstBytes;
  for (const [part, amounts] of tally) {
    if (part === 0) continue;
    value.writeUInt32BE(part, at);
    writeAmounts(value, at + 4, amounts);
    at += partBytes;
  }
  return value;
}

function writeAmounts(value: Buffer, at: number, { count, bytes }: Amounts): void {
  value.writeDoubleBE(count, at);
  value.writeDoubleBE(bytes, at + 8);
}

/** The entries in which an embedded engine keeps tallies. */
export interface TallyEntries {
  get(key: Uint8Array): Uint8Array | undefined;
  set(key: Uint8Array, value: Uint8Array | undefined): void;
}

/** What one transaction does to tallies. */
export class TallyChanges {
  readonly #byKey = new Map<string, { readonly key: Uint8Array; readonly changes: Change[] }>();

  add(key: Uint8Array, part: number, amounts: Amounts): void {
    this.#change(key, (tally) => {
      const { count, bytes } = tally.get(part) ?? none;
      tally.set(part, { count: count + amounts.count, bytes: bytes + amounts.bytes });
      return tally;
    });
  }

  remove(key: Uint8Array, part: number | undefined): void {
    this.#change(key, (tally) => {
      if (part === undefined) return undefined;
      tally.delete(part);
      return tally;
    });
  }

  #change(key: Uint8Array, change: Change): void {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
    const known = this.#byKey.get(name);
    if (known === undefined) this.#byKey.set(name, { key, changes: [change] });
    else known.changes.push(change);
  }

  /** Carries everything out, each tally read and written once. */
  carryOut(entries: TallyEntries): void {
    for (const { key, changes } of this.#byKey.values()) {
      let tally: Map<number, Amounts> | undefined = decodeTally(entries.get(key));
      for (const change of changes) tally = change(tally ?? new Map<number, Amounts>());
      entries.set(key, tally && encodeTally(tally));
    }
    this.#byKey.clear();
  }
}

/** Undefined: nothing is left of the tally. */
type Change = (tally: Map<number, Amounts>) => Map<number, Amounts> | undefined;
