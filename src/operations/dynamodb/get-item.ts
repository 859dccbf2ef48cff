import type { Wording } from "../../model/wording.ts";
import { readUnits } from "../../store/capacity.ts";
import { checkItem } from "../../values/check.ts";
import { consistencyOf } from "../consistency.ts";
import { consumedCapacity } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { checkKey } from "../items/item-key.ts";
import { checkProjectedKeys } from "../items/key-paths.ts";
import { defineOperation } from "../operation.ts";
import { checkAttributesToGet, projected, returnedProjection } from "../items/returned-projection.ts";
import { activeTable } from "../table-reference.ts";

const wording: Wording = "current";

const styles: ParameterStyles = { expressions: ["ProjectionExpression"], legacy: ["AttributesToGet"] };

/** Reads one item by its primary key. */
export const getItem = defineOperation({
  name: "GetItem",
  effect: "read",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const key = checkItem(input.Key, wording);
    checkAttributesToGet(input.AttributesToGet);
    return {
      tableName: input.TableName,
      key,
      projection: returnedProjection(input.AttributesToGet, readExpressionParameters(input, wording)),
      consistency: consistencyOf(input),
      capacityDetail: input.ReturnConsumedCapacity,
    };
  },

  async execute({ tableName, key, projection, consistency, capacityDetail }, context) {
    const table = await activeTable(context, tableName);
    const read = { table, key: checkKey(table.definition.keySchema, key) };
    checkProjectedKeys(table.definition, projection);
    const [stored] = await context.store.readItems([read], consistency);
    const use = { table: readUnits(stored?.sizeBytes ?? 0, consistency) };
    return {
      Item: stored === undefined ? undefined : projected(projection, stored),
      ConsumedCapacity: consumedCapacity(capacityDetail, tableName, use),
    };
  },
});
