import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { openRunner, tableRequest, type Runner } from "../../../test/fixtures/operations.ts";
import { ServiceError } from "../../model/errors.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { executeStatement } from "../dynamodb/execute-statement.ts";

/** An item as the oracle sees it: keys `pk` and `sk`, and attributes that it may lack. */
interface Row {
  readonly pk: string;
  readonly sk: number;
  readonly a?: number | undefined;
  readonly b?: number | undefined;
}

/** A condition as text and as a plain function of the same meaning. */
interface Twofold {
  readonly text: string;
  readonly holds: (row: Row) => boolean;
}

const pks = ["a", "ab", "b", "c"];
const numbers = [0, 1, 2, 3, 4];

const rows: readonly Row[] = pks.flatMap((pk, at) =>
  numbers.map((sk) => ({
    pk,
    sk,
    a: (sk + at) % 3 === 0 ? undefined : (sk * (at + 1)) % 4,
    b: sk === at ? undefined : (sk + 2 * at) % 5,
  })),
);

const comparators: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

type Name = keyof Row;
type Value = string | number;

const name = fc.constantFrom<Name>("pk", "pk", "sk", "sk", "a", "b");

function valueOf(attribute: Name): fc.Arbitrary<Value> {
  return attribute === "pk" ? fc.constantFrom<Value>(...pks, "z") : fc.constantFrom<Value>(...numbers, 1.5);
}

function literal(value: Value): string {
  return typeof value === "string" ? `'${value}'` : String(value);
}

function order(left: Value, right: Value): number {
  return left < right ? -1 : Number(left > right);
}

const comparison: fc.Arbitrary<Twofold> = name.chain((attribute) =>
  fc
    .tuple(fc.constantFrom("=", "=", ...Object.keys(comparators)), valueOf(attribute))
    .map(([comparator, value]) => ({
      text: `${attribute} ${comparator} ${literal(value)}`,
      holds: ({ [attribute]: found }: Row) =>
        found === undefined ? comparator === "<>" : comparators[comparator]?.(order(found, value)) === true,
    })),
);

const between: fc.Arbitrary<Twofold> = name.chain((attribute) =>
  fc.tuple(valueOf(attribute), valueOf(attribute)).map((bounds) => {
    const [low, high] = bounds.toSorted(order);
    assert.ok(low !== undefined && high !== undefined);
    return {
      text: `${attribute} BETWEEN ${literal(low)} AND ${literal(high)}`,
      holds: ({ [attribute]: found }: Row) =>
        found !== undefined && order(found, low) >= 0 && order(found, high) <= 0,
    };
  }),
);

const membership: fc.Arbitrary<Twofold> = name.chain((attribute) =>
  fc.uniqueArray(valueOf(attribute), { minLength: 1, maxLength: 4 }).map((values) => ({
    text: `${attribute} IN [${values.map(literal).join(", ")}]`,
    holds: ({ [attribute]: found }: Row) => found !== undefined && values.includes(found),
  })),
);

const prefix: fc.Arbitrary<Twofold> = fc.constantFrom("a", "b", "x").map((start) => ({
  text: `begins_with(pk, '${start}')`,
  holds: ({ pk }) => pk.startsWith(start),
}));

const missing: fc.Arbitrary<Twofold> = fc.constantFrom<Name>("a", "b").map((attribute) => ({
  text: `${attribute} IS MISSING`,
  holds: (row) => row[attribute] === undefined,
}));

const condition: fc.Arbitrary<Twofold> = fc.letrec<{ condition: Twofold }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: comparison },
    { weight: 2, arbitrary: membership },
    between,
    prefix,
    missing,
    {
      weight: 4,
      arbitrary: fc.tuple(tie("condition"), tie("condition")).map(([one, two]) => ({
        text: `(${one.text}) AND (${two.text})`,
        holds: (row: Row) => one.holds(row) && two.holds(row),
      })),
    },
    {
      weight: 3,
      arbitrary: fc.tuple(tie("condition"), tie("condition")).map(([one, two]) => ({
        text: `(${one.text}) OR (${two.text})`,
        holds: (row: Row) => one.holds(row) || two.holds(row),
      })),
    },
    tie("condition").map((one) => ({ text: `NOT (${one.text})`, holds: (row: Row) => !one.holds(row) })),
  ),
})).condition;

/** What a statement reads: which items are in it, and its key. */
interface Source {
  readonly text: string;
  readonly holds: (row: Row) => boolean;
  readonly partition: Name;
  readonly sort: Name;
}

const table: Source = { text: "Music", holds: () => true, partition: "pk", sort: "sk" };
const sources: readonly Source[] = [
  table,
  { text: 'Music."ByA"', holds: ({ a }) => a !== undefined, partition: "a", sort: "sk" },
  { text: 'Music."ByB"', holds: ({ b }) => b !== undefined, partition: "pk", sort: "b" },
];

let runner: Runner;
before(async () => {
  runner = openRunner();
  const all = { Projection: { ProjectionType: "ALL" } };
  await runner.run(
    createTable,
    tableRequest({
      AttributeDefinitions: ["sk", "a", "b"]
        .map((AttributeName) => ({ AttributeName, AttributeType: "N" }))
        .concat({ AttributeName: "pk", AttributeType: "S" }),
      KeySchema: keys("pk", "sk"),
      GlobalSecondaryIndexes: [{ IndexName: "ByA", KeySchema: keys("a", "sk"), ...all }],
      LocalSecondaryIndexes: [{ IndexName: "ByB", KeySchema: keys("pk", "b"), ...all }],
    }),
  );
  for (const row of rows) {
    const members = Object.entries(row).flatMap(([member, value]) =>
      value === undefined ? [] : `'${member}': ${literal(value as Value)}`,
    );
    await runner.run(executeStatement, { Statement: `INSERT INTO Music VALUE {${members.join(", ")}}` });
  }
});

function keys(hash: string, range: string): object[] {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
}

/** The rows that a statement answers, page by page, as "pk/sk"; undefined where it is refused for its branches. */
async function selected(
  Statement: string,
  Limit: number | undefined,
): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  let NextToken: string | undefined;
  try {
    for (let pages = 0; pages < 200; pages += 1) {
      const page = await runner.run(executeStatement, { Statement, Limit, NextToken, ConsistentRead: false });
      for (const item of page.Items ?? []) {
        const { pk, sk } = JSON.parse(JSON.stringify(item)) as { pk: { S: string }; sk: { N: string } };
        found.push(`${pk.S}/${sk.N}`);
      }
      NextToken = page.NextToken;
      if (NextToken === undefined) return found;
    }
  } catch (error) {
    if (error instanceof ServiceError && tooBranched.test(error.message)) return undefined;
    throw error;
  }
  return assert.fail("the pages have no end");
}

const tooBranched = /^(Overlapping conditions with range keys|Too many decomposed read operations)/;

function expected(source: Source, { holds }: Twofold): readonly Row[] {
  return rows.filter((row) => source.holds(row) && holds(row));
}

const keyOf = ({ pk, sk }: Row) => `${pk}/${sk}`;

describe("random SELECTs answer what an oracle answers", () => {
  const asked = { ran: 0, refused: 0 };

  test("on the table and on indexes, whatever the pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        condition,
        fc.constantFrom(undefined, 1, 2, 7),
        async (source, where, limit) => {
          const found = await selected(`SELECT pk, sk FROM ${source.text} WHERE ${where.text}`, limit);
          if (found === undefined) asked.refused += 1;
          else {
            asked.ran += 1;
            assert.deepEqual(found.toSorted(), expected(source, where).map(keyOf).sort());
          }
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("in the order that they ask for", async () => {
    const direction = fc.constantFrom("ASC", "DESC");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        condition,
        fc.tuple(direction, direction, fc.constantFrom(undefined, 1, 3)),
        async (source, rest, [partitionDirection, sortDirection, limit]) => {
          const { partition, sort } = source;
          const values: readonly Value[] = partition === "pk" ? ["a", "b", "c"] : [1, 2, 3];
          const where = {
            text: `${partition} IN [${values.map(literal).join(", ")}] AND (${rest.text})`,
            holds: (row: Row) => values.includes(row[partition] ?? "") && rest.holds(row),
          };
          const orderBy = `ORDER BY ${partition} ${partitionDirection}, ${sort} ${sortDirection}`;
          const found = await selected(
            `SELECT pk, sk FROM ${source.text} WHERE ${where.text} ${orderBy}`,
            limit,
          );
          if (found === undefined) return;
          const byKey = expected(source, where).toSorted(
            (one, two) =>
              order(one[partition] ?? 0, two[partition] ?? 0) * (partitionDirection === "ASC" ? 1 : -1) ||
              order(one[sort] ?? 0, two[sort] ?? 0) * (sortDirection === "ASC" ? 1 : -1),
          );
          const shown = (row: Row) => `${String(row[partition])} ${String(row[sort])}`;
          const rowOf = (key: string) => rows.find((row) => keyOf(row) === key);
          // Entries with equal keys stand in an order of their own.
          assert.deepEqual(found.toSorted(), byKey.map(keyOf).sort());
          assert.deepEqual(
            found.map((key) => shown(rowOf(key) ?? assert.fail(key))),
            byKey.map(shown),
          );
        },
      ),
      { numRuns: 200, interruptAfterTimeLimit: 20_000 },
    );
  });

  after(() => {
    assert.ok(asked.ran > asked.refused, "most statements run");
  });
});
