import { ScanCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import { describedShape, readDrillTable, tableName } from "../crash/drill-table.ts";
import { sharedCounters } from "../crash/requests.ts";
import { Client } from "../oracle/client.ts";
import { wrongIndexes } from "../oracle/indexes/recompute.ts";
import { readToEnd, type Follower } from "../streams/follower.ts";
import type { ToldChange } from "../streams/journal.ts";
import { changeIn, repeated } from "../streams/records.ts";
import type { Books, Uncertainty } from "./books.ts";
import type { Member } from "./fleet.ts";
import type { ToldStep } from "./steps.ts";
import { accountsTable } from "./tables.ts";
import { accounts } from "./writers.ts";

/** Who has read the streams so far. */
export interface Followers {
  readonly items: Follower;
  readonly steps: Follower;
}

/** What is wrong with the tables, their indexes and streams, and what was done of what got no answer. */
export async function audit(
  { server, client, streams }: Member,
  { books, followers }: { books: Books; followers: Followers },
): Promise<{ wrong: readonly string[]; uncertainty: Uncertainty }> {
  const plain = new Client(server.endpoint);
  try {
    const { wrong, uncertainty } = books.settle(await readDrillTable(client));
    const shape = await describedShape(client, { waits: true });
    wrong.push(...(await wrongIndexes(plain, { table: tableName, shape })));
    for (const follower of [followers.items, followers.steps]) {
      await readToEnd(follower, streams);
      wrong.push(...repeated(follower.records));
    }
    const told = followers.items.records.map(changeIn);
    wrong.push(...books.compare(told.filter(({ id }) => !sharedCounters.includes(id))));
    wrong.push(...books.steps.compare(followers.steps.records.map(stepIn)));
    wrong.push(...(await wrongBalances(client, { books, told })));
    return { wrong, uncertainty };
  } finally {
    plain.close();
  }
}

function stepIn({ dynamodb }: _Record): ToldStep {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  return {
    counter: after?.["id"]?.S ?? "",
    from: Number(before?.["n"]?.N ?? 0),
    to: Number(after?.["n"]?.N ?? 0),
    token: after?.["token"]?.S ?? "",
  };
}

/** Balances that are not those of the transfers which were done, each once and with all its parts. */
async function wrongBalances(
  client: DynamoDBClient,
  { books, told }: { books: Books; told: readonly ToldChange[] },
): Promise<string[]> {
  const { Items: items = [] } = await client.send(
    new ScanCommand({ TableName: accountsTable, ConsistentRead: true }),
  );
  const stored = new Map(items.map((item) => [item["id"]?.S, Number(item["balance"]?.N)]));
  const expected = books.balances(told);
  return accounts
    .filter((account) => (stored.get(account) ?? 0) !== (expected.get(account) ?? 0))
    .map((account) => `${account} holds ${stored.get(account) ?? 0}, not ${expected.get(account) ?? 0}`);
}
