import { succeed } from "../agree.ts";
import type { Client, Output } from "../client.ts";
import { canonicalItem, type Item } from "../values.ts";
import { IndexedTable, sizeOf } from "./indexed-table.ts";
import type { IndexedShape, IndexShape } from "./shapes.ts";

/**
 * What is wrong with a table's indexes and statistics, held against a recomputation from its items. Indexes that
 * `shape` does not name are left out.
 */
export async function wrongIndexes(
  client: Client,
  { table, shape }: { table: string; shape: IndexedShape },
): Promise<string[]> {
  const model = new IndexedTable(shape);
  for (const item of await scanAll(client, { TableName: table, ConsistentRead: true }))
    model.apply({ kind: "put", item });
  const wrong: string[] = [];
  for (const index of shape.indexes) {
    const entries = await scanAll(client, { TableName: table, IndexName: index.name });
    wrong.push(...differences(entries, { model, index }));
  }
  const { Table } = await succeed(client, "DescribeTable", { TableName: table });
  const names = new Set(shape.indexes.map(({ name }) => name));
  const globals = Table?.GlobalSecondaryIndexes?.filter(({ IndexName }) => names.has(IndexName)) ?? [];
  const description = Table && { ...Table, GlobalSecondaryIndexes: globals };
  return [...wrong, ...wrongStatistics(description, model)];
}

/** The entries that an index lacks, and those that it should not have. */
export function differences(
  entries: readonly Item[],
  { model, index }: { model: IndexedTable; index: IndexShape },
): string[] {
  const found = countsOf(entries);
  const expected = countsOf(model.itemsOf(index).map((item) => model.projected(item, index)));
  const wrong: string[] = [];
  for (const text of new Set([...found.keys(), ...expected.keys()])) {
    const [are, must] = [found.get(text) ?? 0, expected.get(text) ?? 0];
    if (are !== must)
      wrong.push(`index ${index.name} holds ${are} times, not ${must} times: ${text.slice(0, 300)}`);
  }
  return wrong;
}

/** Where DescribeTable tells other numbers and sizes than those of the items and entries there are. */
export function wrongStatistics(description: Output["Table"], model: IndexedTable): string[] {
  const described = [
    ...(description?.LocalSecondaryIndexes ?? []),
    ...(description?.GlobalSecondaryIndexes ?? []),
  ];
  const told = new Map(
    described.map(({ IndexName, ItemCount, IndexSizeBytes }) => [
      IndexName,
      `${ItemCount} items, ${IndexSizeBytes} bytes`,
    ]),
  );
  told.set("", `${description?.ItemCount ?? 0} items, ${description?.TableSizeBytes ?? 0} bytes`);
  const expected = new Map(
    [undefined, ...model.shape.indexes].map((index) => [index?.name ?? "", totalsOf(model, index)]),
  );
  return [...new Set([...told.keys(), ...expected.keys()])]
    .filter((name) => told.get(name) !== expected.get(name))
    .map(
      (name) =>
        `DescribeTable tells ${told.get(name) ?? "nothing"} of "${name}", not ${expected.get(name) ?? "nothing"}`,
    );
}

function totalsOf(model: IndexedTable, index: IndexShape | undefined): string {
  const entries = model.itemsOf(index).map((item) => model.projected(item, index));
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  return `${entries.length} items, ${bytes} bytes`;
}

async function scanAll(client: Client, members: object): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: Item | undefined;
  do {
    const start = after === undefined ? {} : { ExclusiveStartKey: after };
    const { Items = [], LastEvaluatedKey } = await succeed(client, "Scan", { ...members, ...start });
    items.push(...Items);
    after = LastEvaluatedKey;
  } while (after !== undefined);
  return items;
}

function countsOf(items: readonly Item[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of items.map(canonicalItem)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
