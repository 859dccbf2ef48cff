/** What Query and Scan have in common: everything but which items a page reads. */
import { attributesOf, holds, type Condition } from "../expressions/evaluate.ts";
import type { Projection } from "../expressions/projection.ts";
import type { Expressions } from "../expressions/request.ts";
import type { Item } from "../model/attribute-value.ts";
import { noSuchIndex } from "../model/messages/pages.ts";
import type { QueryInput, QueryOutput } from "../model/types.generated.ts";
import type { Page, PageRequest } from "../store/page.ts";
import type { Table } from "../store/table.ts";
import { consistencyOf, type Consistency } from "./consistency.ts";
import { consumedCapacity, useOfPage, type CapacityDetail } from "./consumed-capacity.ts";
import type { Context } from "./operation.ts";
import { projected, returnedProjection } from "./returned-projection.ts";
import { activeTable } from "./table-reference.ts";

export interface PageCommand {
  readonly tableName: string;
  readonly indexName: string | undefined;
  /** Not yet held against the table. */
  readonly startKey: Item | undefined;
  readonly itemsMax: number | undefined;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  readonly countsOnly: boolean;
  readonly consistency: Consistency;
  readonly capacityDetail: CapacityDetail;
}

type PageParameters = Pick<
  QueryInput,
  | "TableName"
  | "IndexName"
  | "Limit"
  | "Select"
  | "AttributesToGet"
  | "ConsistentRead"
  | "ReturnConsumedCapacity"
>;

/** What the checks of a request have read. */
export interface ReadParameters {
  readonly startKey: Item | undefined;
  readonly expressions: Expressions;
  /** From the older parameters. */
  readonly filter: Condition | undefined;
}

export function pageCommand(
  input: PageParameters,
  { startKey, expressions, filter }: ReadParameters,
): PageCommand {
  return {
    tableName: input.TableName,
    indexName: input.IndexName,
    startKey,
    itemsMax: input.Limit,
    filter: expressions.filter ?? filter,
    projection: returnedProjection(input.AttributesToGet, expressions),
    countsOnly: input.Select === "COUNT",
    consistency: consistencyOf(input),
    capacityDetail: input.ReturnConsumedCapacity,
  };
}

/** The table a page is read from. */
export async function pageTable({ tableName, indexName }: PageCommand, context: Context): Promise<Table> {
  const table = await activeTable(context, tableName);
  if (indexName !== undefined) throw noSuchIndex(indexName);
  return table;
}

/** The part of a page request that does not depend on the operation. */
export function pageBounds(
  command: PageCommand,
): Pick<PageRequest, "after" | "itemsMax" | "filter" | "consistency"> {
  const { filter, startKey, itemsMax, consistency } = command;
  return {
    after: startKey,
    itemsMax,
    filter: filter && { attributes: attributesOf(filter), accepts: (item) => holds(filter, item) },
    consistency,
  };
}

export function pageAnswer(command: PageCommand, page: Page): QueryOutput {
  const { projection, countsOnly, tableName, capacityDetail, consistency } = command;
  const items =
    projection === undefined ? page.items : page.items.map((stored) => projected(projection, stored));
  return {
    Items: countsOnly ? undefined : items,
    Count: page.items.length,
    ScannedCount: page.scannedCount,
    LastEvaluatedKey: page.lastKey,
    ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfPage(page, undefined, consistency)),
  };
}
