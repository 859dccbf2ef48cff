import { attributeUpdatesUpdate } from "../../expressions/legacy-update.ts";
import type { Expressions } from "../../expressions/request.ts";
import { applyUpdate, updateTargets, type Update } from "../../expressions/update.ts";
import type { Item } from "../../model/attribute-value.ts";
import type { UpdateItemInput } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { SizedItem } from "../../store/write.ts";
import { checkItem } from "../../values/check.ts";
import { checkNesting } from "../../values/nesting.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { checkKey, checkKeyUntouched } from "../item-key.ts";
import { checkedUpdatedItemSize, checkStatementCharge } from "../item-size.ts";
import { defineOperation } from "../operation.ts";
import { returnedAttributes } from "../returned-attributes.ts";
import { activeTable } from "../table-reference.ts";
import { applyWrite, writeCondition } from "../write-condition.ts";

const wording: Wording = "enveloped";

const styles: ParameterStyles = {
  expressions: ["UpdateExpression", "ConditionExpression"],
  legacy: ["AttributeUpdates", "Expected", "ConditionalOperator"],
};

/** Edits one item, or makes it from its key where there is none. */
export const updateItem = defineOperation({
  name: "UpdateItem",
  effect: "write",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const key = checkItem(input.Key, wording);
    const legacyUpdate = readAttributeUpdates(input);
    const expressions = readExpressionParameters(input, wording);
    const condition = writeCondition(input, expressions, wording);
    checkStatementCharge(expressions.update);
    const update = expressions.update ?? legacyUpdate;
    return {
      tableName: input.TableName,
      key,
      update,
      targets: update === undefined ? [] : updateTargets(update),
      condition,
      returns: input.ReturnValues ?? "NONE",
      capacityDetail: input.ReturnConsumedCapacity,
    };
  },

  async execute(command, context) {
    const { tableName, update, targets, condition, returns, capacityDetail } = command;
    const table = await activeTable(context, tableName);
    const { keySchema } = table.definition;
    const key = checkKey(keySchema, command.key);
    checkKeyUntouched(keySchema, targets);
    const deepens = targets.some(({ nested }) => nested);
    const apply = (before: Item | undefined) => {
      const item = updated(update, before, key);
      return item && checkedItem(item, deepens);
    };
    const written = await applyWrite(
      context.store,
      { table, key, change: { kind: "update", apply } },
      condition,
    );
    return {
      Attributes: returnedAttributes(returns, update, written),
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfWrite(written)),
    };
  },
});

function readAttributeUpdates({ AttributeUpdates: updates }: UpdateItemInput): Expressions["update"] {
  return updates === undefined ? undefined : attributeUpdatesUpdate(updates, wording);
}

/** An update that says nothing still makes the item. */
function updated(update: Update | undefined, before: Item | undefined, key: Item): Item | undefined {
  return update === undefined ? (before ?? key) : applyUpdate(update, before, key);
}

/** Only what is put inside of attributes can take an item deeper than the request is. */
function checkedItem(item: Item, deepens: boolean): SizedItem {
  if (deepens) checkNesting(item);
  return { item, sizeBytes: checkedUpdatedItemSize(item) };
}
