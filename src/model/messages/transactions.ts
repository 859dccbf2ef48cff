/** What is wrong with transactions, and with what meets them. */
import { ServiceError } from "../errors.ts";

/** To a write outside of transactions whose item a transaction is writing. */
export function itemInTransaction(): ServiceError {
  return new ServiceError("TransactionConflictException", "Transaction is ongoing for the item");
}
