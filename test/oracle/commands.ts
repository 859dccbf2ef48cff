import { printCondition, type Comparator, type Condition } from "./conditions.ts";
import { printLegacy, printTerm, type LegacyCondition } from "./legacy.ts";
import { Placeholders } from "./placeholders.ts";
import { printUpdate, type Update } from "./updates.ts";
import type { Item, Path, Value } from "./values.ts";

/** A table as far as item operations care. */
export interface Shape {
  readonly partition: { readonly name: string; readonly type: "S" | "N" | "B" };
  readonly sort?: { readonly name: string; readonly type: "S" | "N" | "B" };
}

export type SortCondition =
  | { readonly comparator: Exclude<Comparator, "<>">; readonly value: Value }
  | { readonly low: Value; readonly high: Value }
  | { readonly prefix: Value };

export type ReturnValues = "NONE" | "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW";

interface Guard {
  readonly condition?: Condition | undefined;
  /** The condition once more, for a request that states it the old way. */
  readonly legacy?: LegacyCondition | undefined;
  /** Asks for the item when the condition fails. */
  readonly showOnFailure: boolean;
}

export interface Put extends Guard {
  readonly kind: "put";
  readonly item: Item;
  readonly returns: "NONE" | "ALL_OLD";
}

export interface Delete extends Guard {
  readonly kind: "delete";
  readonly key: Item;
  readonly returns: "NONE" | "ALL_OLD";
}

export interface Edit extends Guard {
  readonly kind: "update";
  readonly key: Item;
  readonly update?: Update | undefined;
  readonly returns: ReturnValues;
}

export interface Get {
  readonly kind: "get";
  readonly key: Item;
  readonly projection?: readonly Path[] | undefined;
}

export interface Query {
  readonly kind: "query";
  readonly partition: Value;
  readonly sort?: SortCondition | undefined;
  readonly filter?: Condition | undefined;
  /** The filter once more, for a request that states it the old way; it has no projection then. */
  readonly legacy?: LegacyCondition | undefined;
  readonly projection?: readonly Path[] | undefined;
  readonly limit?: number | undefined;
  readonly reverse: boolean;
  readonly countOnly: boolean;
}

export interface Scan {
  readonly kind: "scan";
  readonly filter?: Condition | undefined;
  /** The filter once more, for a request that states it the old way; it has no projection then. */
  readonly legacy?: LegacyCondition | undefined;
  readonly projection?: readonly Path[] | undefined;
  readonly limit?: number | undefined;
  readonly segments: number;
}

export interface BatchWrite {
  readonly kind: "batch-write";
  readonly writes: readonly ({ readonly put: Item } | { readonly delete: Item })[];
}

export interface BatchGet {
  readonly kind: "batch-get";
  readonly keys: readonly Item[];
  readonly projection?: readonly Path[] | undefined;
}

export interface Check extends Guard {
  readonly kind: "check";
  readonly key: Item;
  readonly condition: Condition;
}

/** No two actions are of one item, updates say what to change, and `returns` is of no account. */
export interface TransactWrite {
  readonly kind: "transact-write";
  readonly actions: readonly (Put | Delete | Edit | Check)[];
  /** Sends it once more with the same token. */
  readonly repeats: boolean;
}

export interface TransactGet {
  readonly kind: "transact-get";
  readonly gets: readonly Omit<Get, "kind">[];
}

export type Command =
  Put | Delete | Edit | Get | Query | Scan | BatchWrite | BatchGet | TransactWrite | TransactGet;

/** An operation's name and its request as JSON members. */
export interface Request {
  readonly operation: string;
  readonly members: object;
}

/** The request that asks the server for `command`; for a Query or Scan its first page. */
export function requestOf(command: Command, table: string, shape: Shape): Request {
  const to = new Placeholders();
  const TableName = table;
  switch (command.kind) {
    case "put": {
      const members = { TableName, Item: command.item, ReturnValues: command.returns };
      return { operation: "PutItem", members: { ...members, ...guardOf(command, to), ...to.members } };
    }
    case "delete": {
      const members = { TableName, Key: command.key, ReturnValues: command.returns };
      return { operation: "DeleteItem", members: { ...members, ...guardOf(command, to), ...to.members } };
    }
    case "update": {
      const update =
        command.update === undefined ? {} : { UpdateExpression: printUpdate(command.update, to) };
      const members = { TableName, Key: command.key, ReturnValues: command.returns, ...update };
      return { operation: "UpdateItem", members: { ...members, ...guardOf(command, to), ...to.members } };
    }
    case "get": {
      const members = {
        TableName,
        Key: command.key,
        ConsistentRead: true,
        ...projectionOf(command.projection, to),
      };
      return { operation: "GetItem", members: { ...members, ...to.members } };
    }
    case "query": {
      const key =
        command.legacy === undefined
          ? { KeyConditionExpression: printKeyCondition(command, shape, to) }
          : { KeyConditions: legacyKeyConditions(command, shape) };
      const members = { TableName, ConsistentRead: true, ScanIndexForward: !command.reverse, ...key };
      return { operation: "Query", members: { ...members, ...readingOf(command, to), ...to.members } };
    }
    case "scan":
      return {
        operation: "Scan",
        members: { TableName, ConsistentRead: true, ...readingOf(command, to), ...to.members },
      };
    case "batch-write": {
      const requests = command.writes.map((write) =>
        "put" in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: write.delete } },
      );
      return { operation: "BatchWriteItem", members: { RequestItems: { [table]: requests } } };
    }
    case "batch-get": {
      const projection = projectionOf(command.projection, to);
      const keys = { Keys: command.keys, ConsistentRead: true, ...projection, ...to.names };
      return { operation: "BatchGetItem", members: { RequestItems: { [table]: keys } } };
    }
    case "transact-write": {
      const TransactItems = command.actions.map((action) => transactItem(action, TableName));
      return { operation: "TransactWriteItems", members: { TransactItems } };
    }
    case "transact-get": {
      const TransactItems = command.gets.map((get) => ({ Get: getMember(get, TableName) }));
      return { operation: "TransactGetItems", members: { TransactItems } };
    }
  }
}

function transactItem(action: TransactWrite["actions"][number], TableName: string): object {
  const to = new Placeholders();
  switch (action.kind) {
    case "put":
      return { Put: { TableName, Item: action.item, ...guardOf(action, to), ...to.members } };
    case "delete":
      return { Delete: { TableName, Key: action.key, ...guardOf(action, to), ...to.members } };
    case "check":
      return { ConditionCheck: { TableName, Key: action.key, ...guardOf(action, to), ...to.members } };
    case "update": {
      const UpdateExpression = action.update && printUpdate(action.update, to);
      const members = { TableName, Key: action.key, UpdateExpression };
      return { Update: { ...members, ...guardOf(action, to), ...to.members } };
    }
  }
}

function getMember({ key, projection }: Omit<Get, "kind">, TableName: string): object {
  const to = new Placeholders();
  return { TableName, Key: key, ...projectionOf(projection, to), ...to.members };
}

function guardOf({ condition, legacy, showOnFailure }: Guard, to: Placeholders): object {
  return {
    ...conditionOf(condition, legacy, to),
    ...(showOnFailure ? { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } : {}),
  };
}

function conditionOf(
  condition: Condition | undefined,
  legacy: LegacyCondition | undefined,
  to: Placeholders,
): object {
  if (legacy !== undefined) return printLegacy("Expected", legacy);
  return condition === undefined ? {} : { ConditionExpression: printCondition(condition, to) };
}

function readingOf(command: Query | Scan, to: Placeholders): object {
  return {
    ...filterOf(command, to),
    ...(command.limit === undefined ? {} : { Limit: command.limit }),
    ...("countOnly" in command && command.countOnly
      ? { Select: "COUNT" }
      : projectionOf(command.projection, to)),
  };
}

function projectionOf(projection: readonly Path[] | undefined, to: Placeholders): object {
  if (projection === undefined) return {};
  return { ProjectionExpression: projection.map((path) => to.path(path)).join(", ") };
}

function printKeyCondition(query: Query, { partition, sort }: Shape, to: Placeholders): string {
  const hash = `${to.path([partition.name])} = ${to.value(query.partition)}`;
  if (query.sort === undefined || sort === undefined) return hash;
  const name = to.path([sort.name]);
  const condition = query.sort;
  if ("prefix" in condition) return `${hash} AND begins_with(${name}, ${to.value(condition.prefix)})`;
  if ("low" in condition)
    return `${hash} AND ${name} BETWEEN ${to.value(condition.low)} AND ${to.value(condition.high)}`;
  return `${name} ${condition.comparator} ${to.value(condition.value)} AND ${hash}`;
}

function filterOf({ kind, filter, legacy }: Query | Scan, to: Placeholders): object {
  if (legacy !== undefined) return printLegacy(kind === "query" ? "QueryFilter" : "ScanFilter", legacy);
  return filter === undefined ? {} : { FilterExpression: printCondition(filter, to) };
}

const legacyOperators = { "=": "EQ", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE" } as const;

function legacyKeyConditions(query: Query, { partition, sort }: Shape): object {
  const hash = [partition.name, printTerm("EQ", [query.partition])];
  if (query.sort === undefined || sort === undefined) return Object.fromEntries([hash]) as object;
  const condition = query.sort;
  let range: object;
  if ("prefix" in condition) range = printTerm("BEGINS_WITH", [condition.prefix]);
  else if ("low" in condition) range = printTerm("BETWEEN", [condition.low, condition.high]);
  else range = printTerm(legacyOperators[condition.comparator], [condition.value]);
  return Object.fromEntries([hash, [sort.name, range]]) as object;
}
