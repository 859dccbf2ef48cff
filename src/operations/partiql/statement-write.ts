/** INSERT, UPDATE and DELETE as writes to one item. */
import { assert, unreachable } from "../../base/assert.ts";
import { holds, type Condition } from "../../expressions/evaluate.ts";
import { namedKey } from "../../expressions/partiql/named-key.ts";
import type {
  DeleteStatement,
  InsertStatement,
  UpdateStatement,
} from "../../expressions/partiql/statement.ts";
import { updatedAttributes } from "../../expressions/update.ts";
import type { AttributeMap, Item } from "../../model/attribute-value.ts";
import type { ServiceError } from "../../model/errors.ts";
import { conditionFailed } from "../../model/messages/items.ts";
import {
  duplicateItem,
  incompleteKey,
  statementOnIndex,
  statementTooDeep,
  twoKeyValues,
} from "../../model/messages/statements.ts";
import { tableKeyAttributes } from "../../store/key-attributes.ts";
import type { Store } from "../../store/store.ts";
import type { KeySchema, Table } from "../../store/table.ts";
import type { Write, WrittenOutcome } from "../../store/write.ts";
import { checkedItemSize } from "../items/item-size.ts";
import { deleteWrite, putWrite, updateWrite } from "../items/item-writes.ts";
import { checkWritten } from "../items/write-condition.ts";

export type WriteStatement = InsertStatement | UpdateStatement | DeleteStatement;

/** Holds a statement that writes against the table that it names. */
export function planWrite(statement: WriteStatement, table: Table): Write {
  if (statement.source.index !== undefined) throw statementOnIndex();
  const allows = allowsWrite(statement);
  const { keySchema } = table.definition;
  switch (statement.kind) {
    case "insert": {
      const { item } = statement;
      return putWrite(table, { item, sizeBytes: checkedItemSize(item) }, allows);
    }
    case "update":
      return updateWrite(
        table,
        {
          key: writtenKey(statement.where, keySchema),
          update: statement.update,
          tooDeep: statementTooDeep,
        },
        allows,
      );
    case "delete":
      return deleteWrite(table, writtenKey(statement.where, keySchema), allows);
    default:
      return unreachable(statement);
  }
}

/**
 * What the item must be like: an INSERT finds none, an UPDATE finds one, and a DELETE of none does nothing, whatever
 * else its clause asks for.
 */
export function allowsWrite(statement: WriteStatement): (before: Item | undefined) => boolean {
  switch (statement.kind) {
    case "insert":
      return (before) => before === undefined;
    case "update": {
      const { where } = statement;
      return (before) => before !== undefined && meets(where, before);
    }
    case "delete": {
      const { where } = statement;
      return (before) => before === undefined || meets(where, before);
    }
    default:
      return unreachable(statement);
  }
}

function meets(where: Condition | undefined, item: Item): boolean {
  return where === undefined || holds(where, item);
}

/** The primary key that a clause names in full; its values may still be of the wrong types. */
function writtenKey(where: Condition | undefined, keySchema: KeySchema): Item {
  const names = tableKeyAttributes(keySchema).map(({ name }) => name);
  const { values, contradicted } = namedKey(where, names);
  if (names.length !== Object.keys(values).length) throw incompleteKey();
  if (contradicted !== undefined) throw twoKeyValues(contradicted);
  return values;
}

/** Applies the write of a statement that is alone. */
export async function applyStatement(
  store: Store,
  { statement, write, showsItem }: PlannedStatement,
): Promise<WrittenOutcome | RefusedStatement> {
  const [outcome] = await store.write([write]);
  assert(outcome !== undefined, "the store answers one outcome a write");
  if (outcome.kind !== "refused") return checkWritten(outcome);
  if (statement.kind === "insert") return { kind: "refused", error: duplicateItem() };
  const item = showsItem ? outcome.before : undefined;
  return { kind: "refused", error: conditionFailed(item), item };
}

/** A statement that found no fitting item. */
export interface RefusedStatement {
  readonly kind: "refused";
  readonly error: ServiceError;
  /** The item that did not fit, for clients that ask to see it. */
  readonly item?: AttributeMap | undefined;
}

export interface PlannedStatement {
  readonly statement: WriteStatement;
  readonly write: Write;
  /** Whether the error of a false condition shows the item that made it false. */
  readonly showsItem: boolean;
}

/** The row of RETURNING; none where nothing that it asks for is there. */
export function returnedRow(
  statement: WriteStatement,
  { before, after }: WrittenOutcome,
): AttributeMap | undefined {
  if (statement.kind === "insert" || statement.returning === undefined) return undefined;
  const { attributes, image } = statement.returning;
  if (attributes === "all") return image === "old" ? before : after;
  if (statement.kind === "delete") return undefined;
  return updatedAttributes(statement.update, image, before?.item, after?.item);
}
