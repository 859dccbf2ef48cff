import type {
  Check,
  Delete,
  Edit,
  Put,
  Query,
  Scan,
  Shape,
  SortCondition,
  TransactWrite,
} from "./commands.ts";
import { beginsWith, compares, meets, type Condition } from "./conditions.ts";
import { applyUpdate, targetsOf, UpdateRefusal } from "./updates.ts";
import { canonicalItem, memberOf, order, selected, storedItem, type Item, type Value } from "./values.ts";

/** What the service would answer to a write. */
export type WriteAnswer =
  | { readonly attributes: Item | undefined }
  | { readonly refused: "ConditionalCheckFailedException"; readonly item: Item | undefined }
  | { readonly refused: "ValidationException"; readonly reasons: readonly string[] };

/** What the service would answer to one page of a Query. */
export interface QueryPage {
  readonly items: readonly Item[];
  readonly scannedCount: number;
  readonly lastKey: Item | undefined;
}

/** One table of DynamoDB in a `Map`: it is right because it is too plain to be wrong. */
export class Oracle {
  readonly shape: Shape;
  #items = new Map<string, Item>();

  constructor(shape: Shape) {
    this.shape = shape;
  }

  put({ item, returns, ...guard }: Put): WriteAnswer {
    const key = this.keyOf(item);
    const before = this.get(key);
    if (!allows(before, guard.condition)) return refused(before, guard.showOnFailure);
    this.store(item);
    return { attributes: returns === "ALL_OLD" ? before : undefined };
  }

  delete({ key, returns, ...guard }: Delete): WriteAnswer {
    const before = this.get(key);
    if (!allows(before, guard.condition)) return refused(before, guard.showOnFailure);
    this.remove(key);
    return { attributes: returns === "ALL_OLD" ? before : undefined };
  }

  update({
    key,
    update = { set: [], remove: [], add: [], delete: [] },
    returns,
    ...guard
  }: Edit): WriteAnswer {
    const before = this.get(key);
    if (!allows(before, guard.condition)) return refused(before, guard.showOnFailure);
    const targets = targetsOf(update);
    try {
      const after = targets.length === 0 ? (before ?? key) : applyUpdate(before, storedItem(key), update);
      if (after !== undefined) this.store(after);
      const image = returns.endsWith("_OLD") ? before : after;
      if (returns === "NONE" || image === undefined) return { attributes: undefined };
      const attributes = returns.startsWith("ALL") ? storedItem(image) : selected(image, targets);
      return { attributes: Object.keys(attributes).length === 0 ? undefined : attributes };
    } catch (error) {
      if (error instanceof UpdateRefusal) return { refused: "ValidationException", reasons: error.reasons };
      throw error;
    }
  }

  check({ key, ...guard }: Check): WriteAnswer {
    const before = this.get(key);
    return allows(before, guard.condition) ? passed : refused(before, guard.showOnFailure);
  }

  /** What becomes of each action; all are done, or none where one is refused. */
  transactWrite({ actions }: TransactWrite): readonly WriteAnswer[] {
    const trial = new Oracle(this.shape);
    trial.#items = new Map(this.#items);
    const answers = actions.map((action) => trial.#act(action));
    if (answers.every((answer) => "attributes" in answer)) this.#items = trial.#items;
    // An action that makes no sense is told alone.
    const senseless = answers.findIndex((answer) => "reasons" in answer);
    return senseless < 0 ? answers : answers.map((answer, index) => (index === senseless ? answer : passed));
  }

  #act(action: TransactWrite["actions"][number]): WriteAnswer {
    switch (action.kind) {
      case "put":
        return this.put(action);
      case "delete":
        return this.delete(action);
      case "update":
        return this.update(action);
      case "check":
        return this.check(action);
    }
  }

  get(key: Item): Item | undefined {
    return this.#items.get(this.#textOf(key));
  }

  store(item: Item): void {
    this.#items.set(this.#textOf(item), storedItem(item));
  }

  remove(key: Item): void {
    this.#items.delete(this.#textOf(key));
  }

  queryPage(query: Query, after: Item | undefined): QueryPage {
    const { sort } = this.shape;
    const direction = query.reverse ? -1 : 1;
    const collection = this.all()
      .filter((item) => compares(memberOf(item, this.shape.partition.name), "=", query.partition))
      .filter((item) => sort === undefined || meetsSort(memberOf(item, sort.name), query.sort))
      .toSorted((left, right) => direction * this.#sortOrder(left, right))
      .filter((item) => after === undefined || direction * this.#sortOrder(item, after) > 0);
    const read = collection.slice(0, query.limit ?? collection.length);
    // Without a sort key a collection is one item, which no start key may follow.
    const last = sort !== undefined && query.limit === read.length ? read.at(-1) : undefined;
    return {
      items: this.answered(read, query),
      scannedCount: read.length,
      lastKey: last === undefined ? undefined : this.keyOf(last),
    };
  }

  /** Those of `items` that a filter lets through, with the projection applied. */
  answered(
    items: readonly Item[],
    { filter, projection }: Pick<Scan, "filter" | "projection">,
  ): readonly Item[] {
    return items
      .filter((item) => filter === undefined || meets(item, filter))
      .map((item) => (projection === undefined ? item : selected(item, projection)));
  }

  all(): readonly Item[] {
    return [...this.#items.values()];
  }

  keyOf(item: Item): Item {
    const names = [
      this.shape.partition.name,
      ...(this.shape.sort === undefined ? [] : [this.shape.sort.name]),
    ];
    return Object.fromEntries(Object.entries(storedItem(item)).filter(([name]) => names.includes(name)));
  }

  #textOf(item: Item): string {
    return canonicalItem(this.keyOf(item));
  }

  #sortOrder(left: Item, right: Item): number {
    const name = this.shape.sort?.name;
    const [leftKey, rightKey] =
      name === undefined ? [undefined, undefined] : [memberOf(left, name), memberOf(right, name)];
    return leftKey === undefined || rightKey === undefined ? 0 : (order(leftKey, rightKey) ?? 0);
  }
}

const passed: WriteAnswer = { attributes: undefined };

function allows(before: Item | undefined, condition: Condition | undefined): boolean {
  return condition === undefined || meets(before ?? {}, condition);
}

function refused(before: Item | undefined, show: boolean): WriteAnswer {
  return { refused: "ConditionalCheckFailedException", item: show ? before : undefined };
}

function meetsSort(value: Value | undefined, condition: SortCondition | undefined): boolean {
  if (condition === undefined) return true;
  if ("prefix" in condition) return beginsWith(value, condition.prefix);
  if ("low" in condition) {
    return compares(value, ">=", condition.low) && compares(value, "<=", condition.high);
  }
  return compares(value, condition.comparator, condition.value);
}
