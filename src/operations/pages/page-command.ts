/** What Query and Scan have in common: everything but which items a page reads. */
import { attributesOf, holds, type Condition } from "../../expressions/evaluate.ts";
import { projectedAttributes, type Projection } from "../../expressions/projection.ts";
import type { Expressions } from "../../expressions/request.ts";
import { attributesEntered } from "../../expressions/scope.ts";
import type { Item } from "../../model/attribute-value.ts";
import { globalIndexReadStrongly } from "../../model/messages/pages.ts";
import type { QueryInput, QueryOutput } from "../../model/types.generated.ts";
import type { Page, PageFilter, PageRequest } from "../../store/page.ts";
import { consistencyOf, type Consistency } from "../consistency.ts";
import { consumedCapacity, useOfPage, type CapacityDetail } from "../consumed-capacity.ts";
import { mustFetchItems, type PageSource, type Wanted } from "./index-projection.ts";
import type { Context } from "../operation.ts";
import { projected, returnedProjection } from "../items/returned-projection.ts";
import { activeTable, readableIndex } from "../table-reference.ts";

export interface PageCommand {
  readonly tableName: string;
  readonly indexName: string | undefined;
  /** Not yet held against the table. */
  readonly startKey: Item | undefined;
  readonly itemsMax: number | undefined;
  readonly filter: ReadFilter | undefined;
  readonly projection: Projection | undefined;
  readonly wanted: Wanted;
  readonly countsOnly: boolean;
  readonly consistency: Consistency;
  readonly capacityDetail: CapacityDetail;
}

export interface ReadFilter extends PageFilter {
  /** The attributes that it looks into. */
  readonly entered: readonly string[];
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
  const projection = returnedProjection(input.AttributesToGet, expressions);
  const condition = expressions.filter ?? filter;
  return {
    tableName: input.TableName,
    indexName: input.IndexName,
    startKey,
    itemsMax: input.Limit,
    filter: condition && readFilter(condition),
    projection,
    wanted: wantedOf(input, projection),
    countsOnly: input.Select === "COUNT",
    consistency: consistencyOf(input),
    capacityDetail: input.ReturnConsumedCapacity,
  };
}

function readFilter(condition: Condition): ReadFilter {
  return {
    attributes: attributesOf(condition),
    entered: attributesEntered(condition.scope),
    accepts: (item) => holds(condition, item),
  };
}

function wantedOf({ Select: select }: PageParameters, projection: Projection | undefined): Wanted {
  if (projection !== undefined) return projectedAttributes(projection);
  return select === "ALL_ATTRIBUTES" ? "whole items" : "what is there";
}

/** What a page is read from. */
export async function pageSource(
  { tableName, indexName, consistency }: PageCommand,
  context: Context,
): Promise<PageSource> {
  const table = await activeTable(context, tableName);
  if (indexName === undefined) return { table, index: undefined };
  const index = readableIndex(table, indexName);
  if (index.kind === "global" && consistency === "strong") throw globalIndexReadStrongly();
  return { table, index };
}

/** Spelled out, because spreading objects is what would cost most of a short query. */
export function pageRequest(
  source: PageSource,
  { filter, startKey, itemsMax, consistency, wanted }: PageCommand,
  { extent, reverse }: Pick<PageRequest, "extent" | "reverse">,
): PageRequest {
  return {
    table: source.table,
    index: source.index,
    fetchesItems: mustFetchItems(source, wanted),
    extent,
    reverse,
    after: startKey,
    itemsMax,
    filter,
    consistency,
  };
}

export function pageAnswer({ index }: PageSource, command: PageCommand, page: Page): QueryOutput {
  const { projection, countsOnly, tableName, capacityDetail, consistency } = command;
  const items =
    projection === undefined ? page.items : page.items.map((stored) => projected(projection, stored));
  return {
    Items: countsOnly ? undefined : items,
    Count: page.items.length,
    ScannedCount: page.scannedCount,
    LastEvaluatedKey: page.lastKey,
    ConsumedCapacity: consumedCapacity(capacityDetail, tableName, useOfPage(page, index, consistency)),
  };
}
