import { compareBytes } from "../base/bytes.ts";
import type { Exchange, Exchanged, Transaction } from "./engine.ts";

/** An exchange as the body of a transaction: for engines that are not far away. */
export async function exchangeWithin(
  transaction: Transaction,
  { key, value, guard, tally }: Exchange,
): Promise<Exchanged> {
  const [guarded, before] = await transaction.getMany([guard.key, key]);
  if (guarded === undefined || compareBytes(guarded, guard.value) !== 0) return { kind: "refused" };
  if (value !== undefined) transaction.put(key, value);
  else if (before !== undefined) transaction.delete(key);
  const count = countOf(value) - countOf(before);
  const bytes = sizeOf(value, tally.sizeAt) - sizeOf(before, tally.sizeAt);
  if (count !== 0 || bytes !== 0) transaction.add(tally.key, tally.part, { count, bytes });
  return { kind: "done", before };
}

function countOf(value: Uint8Array | undefined): number {
  return value === undefined ? 0 : 1;
}

/** What an exchange counts a value as, in bytes. */
export function sizeOf(value: Uint8Array | undefined, sizeAt: number): number {
  if (value === undefined) return 0;
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(sizeAt);
}
