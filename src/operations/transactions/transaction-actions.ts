/** The actions of TransactWriteItems: one member each, read without data first and then held against their tables. */
import { unreachable } from "../../base/assert.ts";
import type { ReadPart } from "../../expressions/request.ts";
import type { Item } from "../../model/attribute-value.ts";
import {
  conditionReason,
  noAction,
  notOneAction,
  transactionTooLarge,
} from "../../model/messages/transactions.ts";
import type * as model from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { Table } from "../../store/table.ts";
import type { SizedItem, Write } from "../../store/write.ts";
import { checkItem } from "../../values/check.ts";
import { checkNesting } from "../../values/nesting.ts";
import { itemSize } from "../../values/size.ts";
import { readActionParameters } from "../expression-parameters.ts";
import { checkKey, checkKeyValues } from "../items/item-key.ts";
import { checkedItemSize } from "../items/item-size.ts";
import {
  checkPutKeyValues,
  checkUpdateKeyValues,
  deleteWrite,
  putWrite,
  updateWrite,
  type KeyedUpdate,
} from "../items/item-writes.ts";
import type { TransactionWrite } from "./transaction.ts";
import { writeCondition, type WriteCondition } from "../items/write-condition.ts";

const wording: Wording = "older";

/** What a transaction may bring along or read, in bytes. */
export const transactionBytesMax = 4 * 1_048_576;

/** One action as the request states it. */
export interface Action {
  /** The name or ARN as the request gave it. */
  readonly tableName: string;
  readonly change: RequestedChange;
  readonly condition: WriteCondition;
}

type RequestedChange =
  | ({ readonly kind: "put" } & SizedItem)
  | ({ readonly kind: "update" } & KeyedUpdate)
  | { readonly kind: "delete" | "check"; readonly key: Item };

/** Reads all actions: the first fault of any beats what is only found by looking back, such as unused placeholders. */
export function readActions(items: readonly model.TransactWriteItem[]): readonly Action[] {
  const read = items.map(readAction);
  for (const { checkUsed } of read) checkUsed();
  const bytes = read.reduce((sum, action) => sum + action.bytes, 0);
  if (bytes > transactionBytesMax) throw transactionTooLarge();
  return read;
}

interface ReadAction extends Action, Pick<ReadPart, "checkUsed"> {
  /** What the action adds to the size of its transaction. */
  readonly bytes: number;
}

type Member = model.ConditionCheck | model.Put | model.Delete | model.Update;

function readAction({ ConditionCheck, Put, Delete, Update }: model.TransactWriteItem): ReadAction {
  const given = [ConditionCheck, Put, Delete, Update].filter((member) => member !== undefined);
  if (given.length > 1) throw notOneAction();
  if (Put !== undefined) return readMember(Put, () => requestedPut(Put));
  if (Update !== undefined) {
    return readMember(Update, ({ update }) => ({
      kind: "update",
      key: checkItem(Update.Key, wording),
      update,
    }));
  }
  if (Delete !== undefined) {
    return readMember(Delete, () => ({ kind: "delete", key: checkItem(Delete.Key, wording) }));
  }
  if (ConditionCheck === undefined) throw noAction();
  return readMember(ConditionCheck, () => ({ kind: "check", key: checkItem(ConditionCheck.Key, wording) }));
}

/** Expressions come before keys and items. */
function readMember(
  member: Member,
  changeOf: (expressions: ReadPart["expressions"]) => RequestedChange,
): ReadAction {
  const { expressions, checkUsed } = readActionParameters(member, wording);
  const change = changeOf(expressions);
  return {
    tableName: member.TableName,
    change,
    condition: writeCondition(member, expressions, wording),
    checkUsed,
    bytes: change.kind === "put" ? change.sizeBytes : itemSize(change.key),
  };
}

function requestedPut({ Item: given }: model.Put): RequestedChange {
  const item = checkItem(given, wording);
  return { kind: "put", item, sizeBytes: checkedItemSize(item) };
}

/** Refuses what ends the whole request though it takes the table's definition to see it. */
export function checkActionKeyValues({ definition }: Table, { change }: Action): void {
  switch (change.kind) {
    case "put":
      checkPutKeyValues(definition, change.item);
      return;
    case "update":
      checkUpdateKeyValues(definition, change);
      return;
    case "delete":
    case "check":
      checkKeyValues(definition.keySchema, change.key);
      return;
    default:
      unreachable(change);
  }
}

/** The action as a write to its table. */
export function transactionWrite(table: Table, { tableName, change, condition }: Action): TransactionWrite {
  return {
    tableName,
    write: writeOf(table, change, condition.allows),
    refusal: (before) => conditionReason(condition.showsItem ? before : undefined),
  };
}

function writeOf(table: Table, change: RequestedChange, allows: Write["allows"]): Write {
  switch (change.kind) {
    case "put":
      return putWrite(table, change, allows);
    case "update":
      return checkingDepth(updateWrite(table, change, allows));
    case "delete":
      return deleteWrite(table, change.key, allows);
    case "check": {
      const key = checkKey(table.definition.keySchema, change.key);
      return { table, key, allows, change: { kind: "check" } };
    }
    default:
      return unreachable(change);
  }
}

/** In transactions, values of expressions may be deeper than an item can hold. */
function checkingDepth(write: Write): Write {
  const { change } = write;
  if (change.kind !== "update") return write;
  const apply = (before: Item | undefined) => {
    const updated = change.apply(before);
    if (updated !== undefined) checkNesting(updated.item);
    return updated;
  };
  return { ...write, change: { kind: "update", apply } };
}
