import { attributeUpdatesUpdate } from "../../expressions/legacy-update.ts";
import type { Expressions } from "../../expressions/request.ts";
import type { UpdateItemInput } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import { checkItem } from "../../values/check.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { itemCollectionMetrics } from "../items/item-collection-metrics.ts";
import { checkStatementCharge } from "../items/item-size.ts";
import { updateWrite } from "../items/item-writes.ts";
import { defineOperation } from "../operation.ts";
import { returnedAttributes } from "../items/returned-attributes.ts";
import { activeTable } from "../table-reference.ts";
import { applyWrite, writeCondition } from "../items/write-condition.ts";

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
    return {
      tableName: input.TableName,
      key,
      update: expressions.update ?? legacyUpdate,
      condition,
      returns: input.ReturnValues ?? "NONE",
      capacityDetail: input.ReturnConsumedCapacity,
      metricsDetail: input.ReturnItemCollectionMetrics,
    };
  },

  async execute(command, context) {
    const { tableName, key, update, condition, returns, capacityDetail, metricsDetail } = command;
    const table = await activeTable(context, tableName);
    const write = updateWrite(table, { key, update }, condition.allows);
    const written = await applyWrite(context.store, write, condition);
    return {
      Attributes: returnedAttributes(returns, update, written),
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfWrite(written)),
      ItemCollectionMetrics: itemCollectionMetrics(metricsDetail, write, written),
    };
  },
});

function readAttributeUpdates({ AttributeUpdates: updates }: UpdateItemInput): Expressions["update"] {
  return updates === undefined ? undefined : attributeUpdatesUpdate(updates, wording);
}
