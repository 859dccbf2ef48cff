import { ScanCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import type { Uncertainty } from "../crash/ledger.ts";
import { describedShape, readDrillTable, tableName } from "../crash/drill-table.ts";
import { sharedCounters } from "../crash/requests.ts";
import { Client } from "../oracle/client.ts";
import { wrongIndexes } from "../oracle/indexes/recompute.ts";
import { Follower } from "../streams/follower.ts";
import type { ToldChange } from "../streams/journal.ts";
import { changeIn } from "../streams/records.ts";
import type { Books } from "./books.ts";
import type { Member } from "./fleet.ts";
import { Listener } from "./listener.ts";
import type { ToldStep } from "./steps.ts";
import { readPlainTable } from "./plain-items.ts";
import { accountsTable, type Streams } from "./tables.ts";
import { accounts } from "./writers.ts";

/** Who has read the streams so far. */
export interface Listeners {
  readonly items: Listener<ToldChange>;
  readonly steps: Listener<ToldStep>;
}

/** Such that start from the beginning. */
export function listenTo({ items, steps }: Streams, random: () => number): Listeners {
  return {
    items: new Listener(new Follower(items, random), changeIn),
    steps: new Listener(new Follower(steps, random), stepIn),
  };
}

/** What is wrong with the tables, their indexes and streams, and what was done of what got no answer. */
export async function audit(
  { server, client, streams }: Member,
  { books, listeners }: { books: Books; listeners: Listeners },
): Promise<{ wrong: readonly string[]; uncertainty: Uncertainty }> {
  const plain = new Client(server.endpoint);
  try {
    const [items, plainItems] = [await readDrillTable(client), await readPlainTable(client)];
    const uncertainties = [books.uncertainty(items), books.plain.uncertainty(plainItems)];
    const wrong = [...books.settle(items), ...books.plain.settle(plainItems)];
    const shape = await describedShape(client, { waits: true });
    wrong.push(...(await wrongIndexes(plain, { table: tableName, shape })));
    for (const listener of [listeners.items, listeners.steps]) {
      await listener.readToEnd(streams);
      wrong.push(...listener.repeated);
    }
    const { told } = listeners.items;
    wrong.push(...books.compare(told.filter(({ id }) => !sharedCounters.includes(id))));
    wrong.push(...books.steps.compare(listeners.steps.told));
    wrong.push(...(await wrongBalances(client, { books, told })));
    return { wrong, uncertainty: sumOf(uncertainties) };
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

function sumOf(uncertainties: readonly Uncertainty[]): Uncertainty {
  return uncertainties.reduce((sum, { unknown, made }) => ({
    unknown: sum.unknown + unknown,
    made: sum.made + made,
  }));
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
