import type { AttributeValue } from "../model/attribute-value.ts";

/** What a query asks of the sort key beside the partition key it names. Values are checked and of the key's type. */
export type SortKeyCondition =
  | { readonly operator: "=" | "<" | "<=" | ">" | ">="; readonly value: AttributeValue }
  | { readonly operator: "between"; readonly low: AttributeValue; readonly high: AttributeValue }
  | { readonly operator: "begins_with"; readonly prefix: AttributeValue };
