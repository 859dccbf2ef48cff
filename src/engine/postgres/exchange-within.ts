import type { Exchange, Exchanged, Transaction } from "../engine.ts";
import { stageExchange } from "../exchange.ts";

/** An exchange as a transaction: two round trips, and no question is left open. */
export async function exchangeWithin(transaction: Transaction, exchange: Exchange): Promise<Exchanged> {
  const [[guarded], [before]] = await Promise.all([
    transaction.getMany([exchange.guard.key], "shared"),
    transaction.getMany([exchange.key]),
  ]);
  return stageExchange(transaction, exchange, { guarded, before });
}
