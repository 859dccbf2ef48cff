import type { Wording } from "../../model/wording.ts";
import { checkItem } from "../../values/check.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { itemCollectionMetrics } from "../items/item-collection-metrics.ts";
import { checkedItemSize } from "../items/item-size.ts";
import { putWrite } from "../items/item-writes.ts";
import { defineOperation } from "../operation.ts";
import { checkOnlyOldReturned } from "../items/returned-attributes.ts";
import { activeTable } from "../table-reference.ts";
import { applyWrite, writeCondition } from "../items/write-condition.ts";

const wording: Wording = "enveloped";

const styles: ParameterStyles = {
  expressions: ["ConditionExpression"],
  legacy: ["Expected", "ConditionalOperator"],
};

/** Stores one item whole, in place of the one with the same key. */
export const putItem = defineOperation({
  name: "PutItem",
  effect: "write",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const item = checkItem(input.Item, wording);
    checkOnlyOldReturned(input.ReturnValues);
    return {
      tableName: input.TableName,
      put: { item, sizeBytes: checkedItemSize(item) },
      condition: writeCondition(input, readExpressionParameters(input, wording), wording),
      returnsOld: input.ReturnValues === "ALL_OLD",
      capacityDetail: input.ReturnConsumedCapacity,
      metricsDetail: input.ReturnItemCollectionMetrics,
    };
  },

  async execute(command, context) {
    const { tableName, put, condition, returnsOld, capacityDetail, metricsDetail } = command;
    const table = await activeTable(context, tableName);
    const write = putWrite(table, put, condition.allows);
    const written = await applyWrite(context.store, write, condition);
    return {
      Attributes: returnsOld ? written.before : undefined,
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfWrite(written)),
      ItemCollectionMetrics: itemCollectionMetrics(metricsDetail, write, written),
    };
  },
});
