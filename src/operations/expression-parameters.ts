/** The two styles of parameters, of which a request may use one: expressions, and what they replaced. */
import type { AttributeValue } from "../model/attribute-value.ts";
import { mixedParameters, namesWithoutExpression, valuesWithoutExpression } from "../model/messages/items.ts";
import type { Wording } from "../model/wording.ts";
import {
  readExpressions,
  readPart,
  type Expressions,
  type ExpressionTexts,
  type ReadPart,
} from "../expressions/request.ts";

/** The members of a request that hold expressions and what their placeholders stand for. */
export interface ExpressionParameters {
  readonly ConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: { readonly [name: string]: string } | undefined;
  readonly ExpressionAttributeValues?: { readonly [name: string]: AttributeValue } | undefined;
}

type ExpressionName = Exclude<
  keyof ExpressionParameters,
  "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;
type LegacyName =
  | "AttributesToGet"
  | "AttributeUpdates"
  | "ConditionalOperator"
  | "Expected"
  | "KeyConditions"
  | "QueryFilter"
  | "ScanFilter";

/** What an operation has of both styles, in the order in which the service names them. */
export interface ParameterStyles {
  readonly expressions: readonly ExpressionName[];
  readonly legacy: readonly LegacyName[];
}

type Parameters = ExpressionParameters & { readonly [Name in LegacyName]?: unknown };

/** Refuses a request that mixes the styles, or that gives placeholders and no expression to use them. */
export function checkParameterStyles(input: Parameters, styles: ParameterStyles, wording: Wording): void {
  const { expressions, legacy } = styles;
  const hasExpression = hasAny(input, expressions);
  if (hasExpression && hasAny(input, legacy)) {
    throw mixedParameters(given(input, legacy), given(input, expressions));
  }
  if (input.ExpressionAttributeNames !== undefined && !hasExpression) throw namesWithoutExpression();
  if (input.ExpressionAttributeValues !== undefined) checkValuesUsable(input, styles, wording);
}

function hasAny(input: Parameters, names: readonly (keyof Parameters)[]): boolean {
  for (const name of names) if (input[name] !== undefined) return true;
  return false;
}

function given<Name extends keyof Parameters>(input: Parameters, names: readonly Name[]): readonly Name[] {
  return names.filter((name) => input[name] !== undefined);
}

function checkValuesUsable(input: Parameters, { expressions }: ParameterStyles, wording: Wording): void {
  const users = expressions.filter((name) => name !== "ProjectionExpression");
  if (!hasAny(input, users)) throw valuesWithoutExpression(wording === "older" ? users : undefined);
}

const noExpressions: Expressions = {};

/** Reads every expression of a request that `checkParameterStyles` has passed. */
export function readExpressionParameters(input: ExpressionParameters, wording: Wording): Expressions {
  const texts = textsOf(input);
  return hasText(texts) ? readExpressions(texts, wording) : noExpressions;
}

/** Reads the expressions of one action of a transaction, where placeholders that nothing could use are no fault. */
export function readActionParameters(action: ExpressionParameters, wording: Wording): ReadPart {
  const texts = textsOf(action);
  return hasText(texts) ? readPart(texts, wording) : { expressions: noExpressions, checkUsed: passed };
}

function passed(): void {
  // There is nothing to check.
}

function textsOf(input: ExpressionParameters): ExpressionTexts {
  return {
    condition: input.ConditionExpression,
    filter: input.FilterExpression,
    keyCondition: input.KeyConditionExpression,
    projection: input.ProjectionExpression,
    update: input.UpdateExpression,
    names: input.ExpressionAttributeNames,
    values: input.ExpressionAttributeValues,
  };
}

function hasText({ condition, filter, keyCondition, projection, update }: ExpressionTexts): boolean {
  return (condition ?? filter ?? keyCondition ?? projection ?? update) !== undefined;
}
