import { filterCondition, keyConditionsCondition } from "../../expressions/legacy.ts";
import { filterOnKey, noKeyCondition } from "../../model/messages/pages.ts";
import type { Wording } from "../../model/wording.ts";
import { orderOf } from "../../store/key-attributes.ts";
import type { IndexKeySchema, KeyAttribute } from "../../store/table.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { defineOperation } from "../operation.ts";
import { checkFilterProjected } from "../pages/index-projection.ts";
import { checkNoPathIntoKeys, checkProjectedKeys } from "../items/key-paths.ts";
import { pageAnswer, pageCommand, pageRequest, pageSource } from "../pages/page-command.ts";
import { queriedCollection } from "../pages/query-key-condition.ts";
import { checkAttributesToGet } from "../items/returned-projection.ts";
import { checkSelect } from "../pages/select.ts";
import { checkQueryRestart, checkStartKey, readStartKey } from "../pages/start-key.ts";

const wording: Wording = "current";

const styles: ParameterStyles = {
  expressions: ["ProjectionExpression", "FilterExpression", "KeyConditionExpression"],
  legacy: ["AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"],
};

/** Reads one page of an item collection, of a table or an index, in the order of the sort key. */
export const query = defineOperation({
  name: "Query",
  effect: "read",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const startKey = readStartKey(input.ExclusiveStartKey, wording);
    checkAttributesToGet(input.AttributesToGet);
    checkSelect(input, wording);
    const filter = filterCondition(input.QueryFilter, input.ConditionalOperator, wording);
    const { KeyConditions: legacyKeys, KeyConditionExpression: text } = input;
    const of = input.IndexName === undefined ? "table" : "index";
    const legacyCondition =
      legacyKeys === undefined ? undefined : keyConditionsCondition(legacyKeys, { of, wording });
    if (legacyCondition === undefined && text === undefined) throw noKeyCondition();
    const expressions = readExpressionParameters(input, wording);
    const keyCondition = expressions.keyCondition ?? legacyCondition;
    if (keyCondition === undefined) throw noKeyCondition();
    return {
      page: pageCommand(input, { startKey, expressions, filter }),
      keyCondition,
      reverse: input.ScanIndexForward === false,
      filterName:
        expressions.filter === undefined ? ("QueryFilter" as const) : ("Filter Expression" as const),
    };
  },

  async execute({ page: command, keyCondition, reverse, filterName }, context) {
    const source = await pageSource(command, context);
    const { table, index } = source;
    const schema = index?.keySchema ?? orderOf(table.definition.keySchema);
    const { startKey } = command;
    if (startKey !== undefined) checkStartKey(source, startKey, wording);
    const extent = queriedCollection(keyCondition, schema);
    if (startKey !== undefined) checkQueryRestart(source, extent, startKey);
    const { filter, projection } = command;
    checkProjectedKeys(table.definition, projection);
    if (filter !== undefined) checkNotFiltered(schema, filter.attributes, filterName);
    const request = pageRequest(source, command, { extent, reverse });
    if (filter !== undefined) {
      checkFilterProjected(source, filter.attributes);
      checkNoPathIntoKeys(table.definition, filter.entered);
    }
    const page = await context.store.readPage(request);
    const answer = pageAnswer(source, command, page);
    // A collection of a table without sort key is one item: there is nothing to go on with.
    const isOneItem = index === undefined && schema.sortKeys.length === 0;
    return isOneItem ? { ...answer, LastEvaluatedKey: undefined } : answer;
  },
});

/** Attributes of the key that is read belong into the key condition, which reads fewer items. */
function checkNotFiltered(
  { partitionKeys, sortKeys }: IndexKeySchema,
  names: readonly string[],
  filterName: "QueryFilter" | "Filter Expression",
): void {
  for (const name of names) {
    const isCalled = (attribute: KeyAttribute) => attribute.name === name;
    if (partitionKeys.some(isCalled) || sortKeys.some(isCalled)) throw filterOnKey(filterName, name);
  }
}
