import type { Wording } from "../../model/wording.ts";
import { checkItem } from "../../values/check.ts";
import { consumedCapacity, useOfWrite } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { checkKey } from "../item-key.ts";
import { defineOperation } from "../operation.ts";
import { checkOnlyOldReturned } from "../returned-attributes.ts";
import { activeTable } from "../table-reference.ts";
import { applyWrite, writeCondition } from "../write-condition.ts";

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
    };
  },

  async execute({ tableName, key: givenKey, condition, returnsOld, capacityDetail }, context) {
    const table = await activeTable(context, tableName);
    const key = checkKey(table.definition.keySchema, givenKey);
    const written = await applyWrite(context.store, { table, key, change: { kind: "delete" } }, condition);
    return {
      Attributes: returnsOld ? written.before : undefined,
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfWrite(written)),
    };
  },
});
