/** Transactions: writes that others see as conflicts while they are under way, and that happen once a token. */
import { compareBytes } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { applyWrites, readForWrites, type PlannedWrites } from "../apply-writes.ts";
import { earlierOutcome, stageRecord, useOfToken, type TokenUse } from "./idempotency.ts";
import type { IdempotencyToken, TransactionOutcome } from "../store.ts";
import type { TransactionsUnderWay } from "./transactions-under-way.ts";
import type { Outcome } from "../write.ts";

/** What transactions need of their store. */
export interface TransactionContext {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly underWay: TransactionsUnderWay;
}

/** Applies every write or none, and once only for a token. */
export async function transact(
  context: TransactionContext,
  plan: PlannedWrites,
  token: IdempotencyToken | undefined,
): Promise<TransactionOutcome> {
  if (token === undefined) return commitAlone(context, plan);
  const { underWay } = context;
  const use = useOfToken(token);
  const sameToken = underWay.fingerprintOf(use.key);
  if (sameToken === undefined) return underWay.naming(use, () => commitAlone(context, plan, use));
  return { kind: compareBytes(sameToken, use.fingerprint) === 0 ? "in-progress" : "mismatch" };
}

/** What becomes of writes because of transactions under way; undefined: they may go on. */
export function conflictsOf(
  { writes }: PlannedWrites,
  underWay: TransactionsUnderWay,
): readonly Outcome[] | undefined {
  const conflicts = writes.map(({ key }) => underWay.isWriting(key));
  if (!conflicts.includes(true)) return undefined;
  return conflicts.map((isConflict) => ({ kind: isConflict ? "conflict" : "untouched" }));
}

/** Goes on only where no other transaction is writing any of the items. */
async function commitAlone(
  context: TransactionContext,
  plan: PlannedWrites,
  token?: TokenUse,
): Promise<TransactionOutcome> {
  const { underWay } = context;
  const conflicts = underWay.none ? undefined : conflictsOf(plan, underWay);
  if (conflicts === undefined) {
    const keys = plan.writes.map(({ key }) => key);
    return underWay.holding(keys, () => commit(context, plan, token));
  }
  // What has happened long since cannot be in anybody's way.
  const earlier = token && (await readEarlierOutcome(context, token));
  return earlier ?? { kind: "done", outcomes: conflicts };
}

function commit(
  { engine, clock }: TransactionContext,
  plan: PlannedWrites,
  token: TokenUse | undefined,
): Promise<TransactionOutcome> {
  return engine.write(async (transaction): Promise<TransactionOutcome> => {
    if (token === undefined) {
      const read = await readForWrites(transaction, plan);
      return { kind: "done", outcomes: await applyWrites(transaction, plan, read) };
    }
    const [[before], read] = await Promise.all([
      transaction.getMany([token.key]),
      readForWrites(transaction, plan),
    ]);
    const earlier = earlierOutcome(token, before, clock.now());
    if (earlier !== undefined) return earlier;
    const outcomes = await applyWrites(transaction, plan, read);
    const written = outcomes.filter((outcome) => outcome.kind === "written");
    if (written.length === outcomes.length) {
      stageRecord(transaction, token, { before, written, now: clock.now() });
    }
    return { kind: "done", outcomes };
  });
}

async function readEarlierOutcome({ engine, clock }: TransactionContext, token: TokenUse) {
  const [value] = await engine.getMany([token.key]);
  return earlierOutcome(token, value, clock.now());
}
