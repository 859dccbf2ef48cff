import { compareBytes } from "../base/bytes.ts";
import type { Exchange, Exchanged, Transaction } from "./engine.ts";

/** An exchange as the body of a transaction: for engines that are not far away. */
export async function exchangeWithin(transaction: Transaction, exchange: Exchange): Promise<Exchanged> {
  const [guarded, before] = await transaction.getMany([exchange.guard.key, exchange.key]);
  return stageExchange(transaction, exchange, { guarded, before });
}

/** What the guard and the entry hold. */
export interface ReadForExchange {
  readonly guarded: Uint8Array | undefined;
  readonly before: Uint8Array | undefined;
}

/** Stages what an exchange comes to. */
export function stageExchange(
  transaction: Transaction,
  { key, value, guard, tally, expected }: Exchange,
  { guarded, before }: ReadForExchange,
): Exchanged {
  if (!areSame(guarded, guard.value)) return { kind: "refused" };
  if (expected !== undefined && !areSame(before, expected ?? undefined)) return { kind: "changed" };
  if (value !== undefined) transaction.put(key, value);
  else if (before !== undefined) transaction.delete(key);
  const count = countOf(value) - countOf(before);
  const bytes = sizeOf(value, tally.sizeAt) - sizeOf(before, tally.sizeAt);
  if (count !== 0 || bytes !== 0) transaction.add(tally.key, tally.part, { count, bytes });
  return { kind: "done", before };
}

function areSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return compareBytes(left, right) === 0;
}

function countOf(value: Uint8Array | undefined): number {
  return value === undefined ? 0 : 1;
}

/** What an exchange counts a value as, in bytes. */
export function sizeOf(value: Uint8Array | undefined, sizeAt: number): number {
  if (value === undefined) return 0;
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(sizeAt);
}
