/** The same requests once more as PartiQL statements: both roads must meet in the same order of writes. */
import {
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  TransactionCanceledException,
  type AttributeValue,
  type DynamoDBClient,
  type ParameterizedStatement,
} from "@aws-sdk/client-dynamodb";
import type { Seen } from "./history.ts";
import { derivedFrom, seenIn, sent, statesOfReasons } from "./items.ts";
import { NoAnswer, placeOf, type Action, type Answer, type States } from "./subject.ts";

const ofKey = '"collection" = ? AND "name" = ?';

/** A strong read of one item. */
export async function selectItem(client: DynamoDBClient, key: string): Promise<Seen> {
  const command = new ExecuteStatementCommand({ ...selectOf(key), ConsistentRead: true });
  const { Items = [] } = await sent(client.send(command));
  return seenIn(Items[0]);
}

/** Undefined: refused because somebody else was writing. */
export async function selectTogether(
  client: DynamoDBClient,
  keys: readonly string[],
): Promise<States | undefined> {
  const command = new ExecuteTransactionCommand({ TransactStatements: keys.map(selectOf) });
  try {
    const { Responses = [] } = await sent(client.send(command));
    return new Map(keys.map((key, index) => [key, seenIn(Responses[index]?.Item)]));
  } catch (error) {
    if (error instanceof TransactionCanceledException) return undefined;
    throw error;
  }
}

/** A transaction of statements, whose token is the client's. */
export async function executeTogether(
  client: DynamoDBClient,
  actions: readonly Action[],
  { id, token }: { id: string; token: string },
): Promise<Answer> {
  const TransactStatements = actions.map((action) => ({
    ...statementOf(action, id),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  }));
  try {
    await sent(client.send(new ExecuteTransactionCommand({ TransactStatements, ClientRequestToken: token })));
    return { done: true, before: new Map() };
  } catch (error) {
    if (error instanceof Error && error.name === "TransactionInProgressException") throw new NoAnswer();
    if (!(error instanceof TransactionCanceledException)) throw error;
    return { done: false, before: statesOfReasons(actions, error.CancellationReasons ?? []) };
  }
}

function selectOf(key: string): ParameterizedStatement & { Statement: string } {
  const { table } = placeOf(key);
  return { Statement: `SELECT * FROM "${table}" WHERE ${ofKey}`, Parameters: keyParameters(key) };
}

function statementOf(action: Action, id: string): ParameterizedStatement & { Statement: string } {
  const { key } = action;
  const table = `"${placeOf(key).table}"`;
  const { writer, rank, group } = derivedFrom(key, id);
  const derived = '"writer" = ?, "rank" = ?, "group" = ?';
  const log = { L: [{ S: id }] };
  const own = keyParameters(key);
  const condition = conditionOf(action);
  switch (action.kind) {
    case "append":
      return {
        Statement: `UPDATE ${table} SET "log" = list_append("log", ?), ${derived} WHERE ${ofKey}`,
        Parameters: [log, writer, rank, group, ...own],
      };
    case "put":
      if (action.over === "") {
        const item = "{'collection': ?, 'name': ?, 'log': ?, 'writer': ?, 'rank': ?, 'group': ?}";
        return {
          Statement: `INSERT INTO ${table} VALUE ${item}`,
          Parameters: [...own, log, writer, rank, group],
        };
      }
      return {
        Statement: `UPDATE ${table} SET "log" = ?, ${derived} WHERE ${ofKey}${condition.text}`,
        Parameters: [log, writer, rank, group, ...own, ...condition.parameters],
      };
    case "delete":
      return {
        Statement: `DELETE FROM ${table} WHERE ${ofKey}${condition.text}`,
        Parameters: [...own, ...condition.parameters],
      };
    case "check":
      return {
        Statement: `EXISTS(SELECT * FROM ${table} WHERE ${ofKey}${condition.text})`,
        Parameters: [...own, ...condition.parameters],
      };
  }
}

function conditionOf(action: Action): { text: string; parameters: readonly AttributeValue[] } {
  if (action.kind === "append" || action.over === undefined) return { text: "", parameters: [] };
  return { text: ' AND "writer" = ?', parameters: [{ S: action.over }] };
}

function keyParameters(key: string): AttributeValue[] {
  const { collection, name } = placeOf(key);
  return [{ S: collection }, { S: name }];
}
