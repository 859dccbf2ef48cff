/** The condition of a write to one item, whichever way the request states it. */
import { assert, unreachable } from "../../base/assert.ts";
import { holds } from "../../expressions/evaluate.ts";
import { expectedCondition } from "../../expressions/legacy.ts";
import type { Expressions } from "../../expressions/request.ts";
import type { Item } from "../../model/attribute-value.ts";
import { collectionFull, conditionFailed } from "../../model/messages/items.ts";
import { itemInTransaction } from "../../model/messages/transactions.ts";
import type { PutItemInput } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { Store } from "../../store/store.ts";
import type { Outcome, Write, WrittenOutcome } from "../../store/write.ts";

export interface WriteCondition {
  readonly allows: ((before: Item | undefined) => boolean) | undefined;
  /** Whether the error of a false condition shows the item that made it false. */
  readonly showsItem: boolean;
}

type ConditionParameters = Pick<
  PutItemInput,
  "Expected" | "ConditionalOperator" | "ReturnValuesOnConditionCheckFailure"
>;

export function writeCondition(
  input: ConditionParameters,
  expressions: Expressions,
  wording: Wording,
): WriteCondition {
  const condition =
    expressions.condition ?? expectedCondition(input.Expected, input.ConditionalOperator, wording);
  return {
    allows: condition === undefined ? undefined : (before) => holds(condition, before),
    showsItem: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
  };
}

/** Applies one write under its condition; a false one ends the request. */
export async function applyWrite(
  store: Store,
  write: Write,
  { showsItem }: WriteCondition,
): Promise<WrittenOutcome> {
  const [outcome] = await store.write([write]);
  assert(outcome !== undefined, "the store answers one outcome a write");
  if (outcome.kind === "refused") throw conditionFailed(showsItem ? outcome.before : undefined);
  return checkWritten(outcome);
}

/** What became of a write whose condition held. */
export function checkWritten(outcome: Exclude<Outcome, { readonly kind: "refused" }>): WrittenOutcome {
  switch (outcome.kind) {
    case "written":
      return outcome;
    case "collection-full":
      throw collectionFull();
    case "conflict":
    case "untouched":
      throw itemInTransaction();
    default:
      return unreachable(outcome);
  }
}
