import { compareBytes } from "../../base/bytes.ts";
import type { Exchange, Exchanged, Transaction } from "../engine.ts";
import { sizeOf } from "../exchange.ts";

/** An exchange as a transaction: two round trips, and no question is left open. */
export async function exchangeWithin(
  transaction: Transaction,
  { key, value, guard, tally }: Exchange,
): Promise<Exchanged> {
  const [[guarded], [before]] = await Promise.all([
    transaction.getMany([guard.key], "shared"),
    transaction.getMany([key]),
  ]);
  if (guarded === undefined || compareBytes(guarded, guard.value) !== 0) return { kind: "refused" };
  if (value !== undefined) transaction.put(key, value);
  else if (before !== undefined) transaction.delete(key);
  const count = (value === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  const bytes = sizeOf(value, tally.sizeAt) - sizeOf(before, tally.sizeAt);
  if (count !== 0 || bytes !== 0) transaction.add(tally.key, tally.part, { count, bytes });
  return { kind: "done", before };
}
