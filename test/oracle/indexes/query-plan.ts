import { beginsWith, compares } from "../conditions.ts";
import type { Placeholders } from "../placeholders.ts";
import { memberOf, order, type Item, type Value } from "../values.ts";
import { valueOf, type IndexQuery } from "./commands.ts";
import type { IndexedTable } from "./indexed-table.ts";
import type { IndexShape, KeyPart } from "./shapes.ts";

export interface QueryPlan {
  /** The key condition as text. */
  readonly text: string;
  readonly matches: (item: Item) => boolean;
  /** What orders the items found. */
  readonly sort: readonly KeyPart[];
}

/** A condition on one key attribute, as text and as a function. */
interface Clause {
  readonly text: string;
  readonly holds: (value: Value | undefined) => boolean;
}

/** Makes a key condition for the table or index out of the query's choices. */
export function planQuery(
  query: IndexQuery,
  { model, index, to }: { model: IndexedTable; index: IndexShape | undefined; to: Placeholders },
): QueryPlan {
  const { partition, sort } = keySchemaOf(model, index);
  const items = model.itemsOf(index);
  // An index may well be empty: then nothing is found by values that any item may get.
  const like = items[query.like % Math.max(1, items.length)] ?? {};
  const valueFor = (part: KeyPart, place: number): Value =>
    (query.choices[place] ?? 0) < 3
      ? valueOf(part, query.choices[place] ?? 0)
      : (memberOf(like, part.name) ?? valueOf(part, place));
  const clauses = new Map<KeyPart, Clause>();
  for (const [place, part] of partition.entries())
    clauses.set(part, equality(part, valueFor(part, place), to));
  const equals = Math.min(query.equals, sort.length);
  for (const [place, part] of sort.slice(0, equals).entries()) {
    clauses.set(part, equality(part, valueFor(part, partition.length + place), to));
  }
  const behind = sort[equals];
  if (behind !== undefined && query.condition !== "none") {
    const values = [valueFor(behind, 6), valueOf(behind, query.choices[7] ?? 0)] as const;
    clauses.set(behind, comparison(behind, { condition: query.condition, values, to }));
  }
  const texts = [...clauses.values()].map(({ text }) => text);
  return {
    // The service takes the clauses in any order.
    text: (query.choices[0] ?? 0) % 2 === 0 ? texts.join(" AND ") : texts.toReversed().join(" AND "),
    matches: (item) => [...clauses].every(([{ name }, { holds }]) => holds(memberOf(item, name))),
    sort,
  };
}

function keySchemaOf(
  { shape }: IndexedTable,
  index: IndexShape | undefined,
): { partition: readonly KeyPart[]; sort: readonly KeyPart[] } {
  if (index !== undefined) return index;
  return { partition: [shape.partition], sort: shape.sort === undefined ? [] : [shape.sort] };
}

function equality({ name }: KeyPart, value: Value, to: Placeholders): Clause {
  return { text: `${to.path([name])} = ${to.value(value)}`, holds: (found) => compares(found, "=", value) };
}

function comparison(
  part: KeyPart,
  options: {
    condition: Exclude<IndexQuery["condition"], "none">;
    values: readonly [value: Value, other: Value];
    to: Placeholders;
  },
): Clause {
  const { condition, to } = options;
  const [value, other] = options.values;
  const path = to.path([part.name]);
  switch (condition) {
    case "between": {
      const [low, high] = (order(value, other) ?? 0) <= 0 ? [value, other] : [other, value];
      return {
        text: `${path} BETWEEN ${to.value(low)} AND ${to.value(high)}`,
        holds: (found) => compares(found, ">=", low) && compares(found, "<=", high),
      };
    }
    case "begins":
      // Numbers have no beginning.
      if (part.type === "N")
        return { text: `${path} >= ${to.value(value)}`, holds: (found) => compares(found, ">=", value) };
      return { text: `begins_with(${path}, ${to.value(value)})`, holds: (found) => beginsWith(found, value) };
    case "=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return {
        text: `${path} ${condition} ${to.value(value)}`,
        holds: (found) => compares(found, condition, value),
      };
  }
}
