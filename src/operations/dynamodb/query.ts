import { attributesOf } from "../../expressions/evaluate.ts";
import { filterCondition, keyConditionsCondition } from "../../expressions/legacy.ts";
import { filterOnKey, noKeyCondition } from "../../model/messages/pages.ts";
import type { Wording } from "../../model/wording.ts";
import type { KeySchema } from "../../store/table.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { defineOperation } from "../operation.ts";
import { pageAnswer, pageBounds, pageCommand, pageTable, type PageCommand } from "../page-command.ts";
import { queriedCollection } from "../query-key-condition.ts";
import { checkAttributesToGet } from "../returned-projection.ts";
import { checkSelect } from "../select.ts";
import { checkQueryRestart, checkStartKey, readStartKey } from "../start-key.ts";

const wording: Wording = "current";

const styles: ParameterStyles = {
  expressions: ["ProjectionExpression", "FilterExpression", "KeyConditionExpression"],
  legacy: ["AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"],
};

/** Reads one page of an item collection in the order of the sort key. */
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
    const legacyCondition =
      legacyKeys === undefined ? undefined : keyConditionsCondition(legacyKeys, wording);
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
    const table = await pageTable(command, context);
    const { keySchema } = table.definition;
    const { startKey } = command;
    if (startKey !== undefined) checkStartKey(keySchema, startKey, wording);
    const extent = queriedCollection(keyCondition, keySchema);
    if (startKey !== undefined) checkQueryRestart(table, extent, startKey);
    checkFilter(command, keySchema, filterName);
    const page = await context.store.readPage({ table, extent, reverse, ...pageBounds(command) });
    const answer = pageAnswer(command, page);
    // A collection of a table without sort key is one item: there is nothing to go on with.
    return keySchema.sortKey === undefined ? { ...answer, LastEvaluatedKey: undefined } : answer;
  },
});

/** Key attributes belong into the key condition, which reads fewer items. */
function checkFilter(
  { filter }: PageCommand,
  { partitionKey, sortKey }: KeySchema,
  filterName: "QueryFilter" | "Filter Expression",
): void {
  if (filter === undefined) return;
  for (const name of attributesOf(filter)) {
    if (name === partitionKey.name || name === sortKey?.name) throw filterOnKey(filterName, name);
  }
}
