import type { Wording } from "../../model/wording.ts";
import { checkItem } from "../../values/check.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { itemCollectionMetrics } from "../items/item-collection-metrics.ts";
import { deleteWrite } from "../items/item-writes.ts";
import { defineOperation } from "../operation.ts";
import { checkOnlyOldReturned } from "../items/returned-attributes.ts";
import { activeTable } from "../table-reference.ts";
import { applyWrite, writeCondition } from "../items/write-condition.ts";

const wording: Wording = "enveloped";

const styles: ParameterStyles = {
  expressions: ["ConditionExpression"],
  legacy: ["Expected", "ConditionalOperator"],
};

/** Removes one item by its primary key; one that is not there is no fault. */
export const deleteItem = defineOperation({
  name: "DeleteItem",
  effect: "write",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const key = checkItem(input.Key, wording);
    checkOnlyOldReturned(input.ReturnValues);
    return {
      tableName: input.TableName,
      key,
      condition: writeCondition(input, readExpressionParameters(input, wording), wording),
      returnsOld: input.ReturnValues === "ALL_OLD",
      capacityDetail: input.ReturnConsumedCapacity,
      metricsDetail: input.ReturnItemCollectionMetrics,
    };
  },

  async execute({ tableName, key, condition, returnsOld, capacityDetail, metricsDetail }, context) {
    const table = await activeTable(context, tableName);
    const write = deleteWrite(table, key, condition.allows);
    const written = await applyWrite(context.store, write, condition);
    return {
      Attributes: returnsOld ? written.before : undefined,
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfWrite(written)),
      ItemCollectionMetrics: itemCollectionMetrics(metricsDetail, write, written),
    };
  },
});
