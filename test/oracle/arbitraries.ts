import fc, { type Arbitrary } from "fast-check";
import type { Command, Shape, SortCondition } from "./commands.ts";
import type { Comparator, Condition, Operand } from "./conditions.ts";
import { treeOf, type LegacyCondition, type LegacyTerm } from "./legacy.ts";
import type { Expression, Term, Update } from "./updates.ts";
import { canonicalItem, canonicalNumber, order, type Item, type Path, type Value } from "./values.ts";

/** A table shape with commands for it. */
export interface Session {
  readonly shape: Shape;
  readonly commands: readonly Command[];
}

const shapes: readonly Shape[] = [
  { partition: { name: "pk1", type: "S" }, sort: { name: "sk1", type: "S" } },
  { partition: { name: "pk1", type: "N" }, sort: { name: "sk1", type: "N" } },
  { partition: { name: "constructor", type: "B" }, sort: { name: "__proto__", type: "B" } },
  { partition: { name: "pk1", type: "S" } },
];

const texts = ["a", "ab", "b", "é", "\u{1f600}", "\ufffd", "B", "a\u0000", "zz"];
const numbers = [
  "0",
  "-0",
  "1",
  "1.0",
  "01",
  "2",
  "-3",
  "10",
  "1e1",
  "1.5",
  "+4",
  "0.5",
  "-1.50",
  ".25",
  "100",
];
const binaries = ["AA==", "AAE=", "AQ==", "/w==", "/wA=", "gA=="];
/** The first ones are drawn often, so that conditions speak of attributes that are there. */
const attributeNames = ["alpha1", "alpha1", "alpha1", "beta2", "beta2", "gamma3", "toString", "a.b", "ünï"];
const memberNames = ["x1", "y2", "__proto__"];
const kinds = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"];

const text = fc.constantFrom("a", "ab", "b", ...texts).map((S): Value => ({ S }));
const number = fc.constantFrom("1", "2", "1", "1.0", ...numbers).map((N): Value => ({ N }));
const binary = fc.constantFrom(...binaries.slice(0, 4)).map((B): Value => ({ B }));
const set = fc.oneof(
  fc.uniqueArray(fc.constantFrom("", ...texts), { minLength: 1, maxLength: 3 }).map((SS): Value => ({ SS })),
  fc
    .uniqueArray(fc.constantFrom("", ...binaries), { minLength: 1, maxLength: 3 })
    .map((BS): Value => ({ BS })),
  fc
    .uniqueArray(fc.constantFrom(...numbers), { minLength: 1, maxLength: 3, selector: canonicalNumber })
    .map((NS): Value => ({ NS })),
);
const ordered = fc.oneof(
  { weight: 2, arbitrary: text },
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: binary },
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: ordered },
  set,
  fc.constantFrom<Value>({ BOOL: true }, { BOOL: false }, { NULL: true }, { S: "" }, { B: "" }),
);
const { value } = fc.letrec<{ value: Value; list: Value; map: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    { weight: 5, arbitrary: leaf },
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("value"), { maxLength: 3 }).map((L) => ({ L })),
  map: itemOf(fc.constantFrom(...memberNames), tie("value"), 2).map((M) => ({ M })),
}));
const list = fc.array(leaf, { maxLength: 3 }).map((L): Value => ({ L }));

/** A random table shape and random commands for it. */
export const session: Arbitrary<Session> = fc.constantFrom(...shapes).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    commands: fc.array(command(shape), { minLength: 5, maxLength: 40 }),
  }),
);

function command(shape: Shape): Arbitrary<Command> {
  const key = keyOf(shape);
  const keyNames = [shape.partition.name, ...(shape.sort === undefined ? [] : [shape.sort.name])];
  const item = fc
    .record({ key, rest: itemOf(fc.constantFrom(...attributeNames), value, 5) })
    .map(({ key: primary, rest }): Item => ({ ...rest, ...primary }));
  // The service refuses paths into keys.
  const anyPath = fc.oneof(
    { weight: attributeNames.length, arbitrary: pathOf(attributeNames) },
    { weight: keyNames.length, arbitrary: fc.constantFrom(...keyNames).map((name): Path => [name]) },
  );
  const guard = {
    condition: fc.option(condition(anyPath), { nil: undefined, freq: 2 }),
    showOnFailure: fc.boolean(),
  };
  const old = fc.constantFrom("NONE", "ALL_OLD");
  const reading = {
    projection: fc.option(projection(anyPath), { nil: undefined }),
    limit: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  };
  const kind = <Kind extends Command["kind"]>(name: Kind): Arbitrary<Kind> => fc.constant(name);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: kind("put"), item, returns: old, ...guard }) },
    { weight: 1, arbitrary: fc.record({ kind: kind("delete"), key, returns: old, ...guard }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: kind("update"),
        key,
        update: fc.option(update, { nil: undefined, freq: 12 }),
        returns: fc.constantFrom("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"),
        ...guard,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: kind("get"), key, projection: reading.projection }) },
    { weight: 3, arbitrary: query(shape, reading) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: kind("scan"),
        filter: fc.option(condition(anyPath), { nil: undefined }),
        segments: fc.integer({ min: 1, max: 4 }),
        ...reading,
      }),
    },
    { weight: 6, arbitrary: legacyCommand(shape, { item, key, limit: reading.limit }) },
    { weight: 2, arbitrary: batchWrite(item, { shape, keyNames }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: kind("batch-get"),
        keys: fc.uniqueArray(key, { minLength: 1, maxLength: 6, selector: canonicalItem }),
        projection: reading.projection,
      }),
    },
    { weight: 4, arbitrary: transactWrite(item, { keyNames, anyPath }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: kind("transact-get"),
        gets: fc.uniqueArray(fc.record({ key, projection: reading.projection }), {
          minLength: 1,
          maxLength: 6,
          selector: ({ key: primary }) => canonicalItem(primary),
        }),
      }),
    },
  );
}

/** Writes and reads whose condition is stated the old way: the oracle gets its tree, the server the old members. */
function legacyCommand(
  shape: Shape,
  { item, key, limit }: { item: Arbitrary<Item>; key: Arbitrary<Item>; limit: Arbitrary<number | undefined> },
): Arbitrary<Command> {
  const guard = fc
    .record({ legacy: legacyCondition, showOnFailure: fc.boolean() })
    .map((drawn) => ({ ...drawn, condition: treeOf(drawn.legacy) }));
  const filter = fc
    .record({ legacy: legacyCondition, limit })
    .map((drawn) => ({ ...drawn, filter: treeOf(drawn.legacy), projection: undefined }));
  return fc.oneof(
    fc
      .tuple(item, guard)
      .map(([whole, rest]): Command => ({ kind: "put", item: whole, returns: "ALL_OLD", ...rest })),
    fc
      .tuple(key, guard)
      .map(([primary, rest]): Command => ({ kind: "delete", key: primary, returns: "ALL_OLD", ...rest })),
    filter.map((rest): Command => ({ kind: "scan", segments: 1, ...rest })),
    fc
      .tuple(query(shape, { projection: fc.constant(undefined), limit }), filter)
      .map(([drawn, { filter: tree, legacy }]): Command =>
        drawn.kind === "query" ? { ...drawn, filter: tree, legacy, projection: undefined } : drawn,
      ),
  );
}

/** Conditions are few, so that some transactions come through. */
function transactWrite(
  item: Arbitrary<Item>,
  { keyNames, anyPath }: { keyNames: readonly string[]; anyPath: Arbitrary<Path> },
): Arbitrary<Command> {
  const guard = fc.record({
    condition: fc.option(condition(anyPath), { nil: undefined, freq: 1 }),
    showOnFailure: fc.boolean(),
  });
  const kinds = fc.constantFrom("put", "put", "delete", "update", "update", "check");
  const action = fc.record({ kind: kinds, item, update, guard, checked: condition(anyPath) });
  const primaryKey = (whole: Item): Item => membersNamed(whole, keyNames);
  return fc
    .record({
      drawn: fc.uniqueArray(action, {
        minLength: 1,
        maxLength: 5,
        selector: ({ item: whole }) => canonicalItem(primaryKey(whole)),
      }),
      repeats: fc.boolean(),
    })
    .map(({ drawn, repeats }) => ({
      kind: "transact-write",
      repeats,
      actions: drawn.map(({ kind, item: whole, update: edit, guard: guarded, checked }) => {
        const key = primaryKey(whole);
        if (kind === "put") return { kind, item: whole, returns: "NONE", ...guarded };
        if (kind === "delete") return { kind, key, returns: "NONE", ...guarded };
        if (kind === "update") return { kind, key, update: edit, returns: "NONE", ...guarded };
        return { kind: "check", key, showOnFailure: guarded.showOnFailure, condition: checked };
      }),
    }));
}

function membersNamed(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function batchWrite(
  item: Arbitrary<Item>,
  { keyNames }: { shape: Shape; keyNames: readonly string[] },
): Arbitrary<Command> {
  const primaryKey = (whole: Item): Item => membersNamed(whole, keyNames);
  return fc
    .uniqueArray(fc.tuple(item, fc.boolean()), {
      minLength: 1,
      maxLength: 8,
      selector: ([whole]) => canonicalItem(primaryKey(whole)),
    })
    .map((writes) => ({
      kind: "batch-write",
      writes: writes.map(([whole, keeps]) => (keeps ? { put: whole } : { delete: primaryKey(whole) })),
    }));
}

function query(
  shape: Shape,
  reading: { projection: Arbitrary<readonly Path[] | undefined>; limit: Arbitrary<number | undefined> },
): Arbitrary<Command> {
  const sort = shape.sort === undefined ? fc.constant(undefined) : sortCondition(shape.sort.type);
  return fc.record({
    kind: fc.constant("query" as const),
    partition: keyValue(shape.partition.type, 2),
    sort: fc.option(sort, { nil: undefined }),
    filter: fc.option(condition(pathOf(attributeNames)), { nil: undefined }),
    reverse: fc.boolean(),
    countOnly: fc.boolean(),
    ...reading,
  });
}

function sortCondition(type: "S" | "N" | "B"): Arbitrary<SortCondition> {
  const operand = keyValue(type, 9);
  const comparator = fc.constantFrom<Exclude<Comparator, "<>">[]>("=", "<", "<=", ">", ">=");
  const compared: Arbitrary<SortCondition> = fc.record({ comparator, value: operand });
  const between: Arbitrary<SortCondition> = fc
    .tuple(operand, operand)
    .map(([left, right]) => range(left, right));
  if (type === "N") return fc.oneof(compared, between);
  return fc.oneof(
    compared,
    between,
    operand.map((prefix) => ({ prefix })),
  );
}

function range(left: Value, right: Value): { low: Value; high: Value } {
  return (order(left, right) ?? 0) <= 0 ? { low: left, high: right } : { low: right, high: left };
}

function keyOf({ partition, sort }: Shape): Arbitrary<Item> {
  if (sort === undefined) return keyValue(partition.type, 6).map((hash) => ({ [partition.name]: hash }));
  return fc
    .tuple(keyValue(partition.type, 2), keyValue(sort.type, 9))
    .map(([hash, rest]) => ({ [partition.name]: hash, [sort.name]: rest }));
}

/** One of a few keys, so that commands meet the same items again and again. */
function keyValue(type: "S" | "N" | "B", count: number): Arbitrary<Value> {
  if (type === "S") return fc.constantFrom(...texts.slice(0, count)).map((S) => ({ S }));
  if (type === "N") return fc.constantFrom(...numbers.slice(2, 2 + count)).map((N) => ({ N }));
  return fc.constantFrom(...binaries.slice(0, count)).map((B) => ({ B }));
}

function itemOf(
  names: Arbitrary<string>,
  members: Arbitrary<Value>,
  lengthMax: number,
): Arbitrary<Record<string, Value>> {
  return fc
    .uniqueArray(fc.tuple(names, members), { maxLength: lengthMax, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));
}

function pathOf(names: readonly string[]): Arbitrary<Path> {
  const name = fc.constantFrom(...names);
  const step = fc.oneof(fc.constantFrom<string | number>(...memberNames), fc.integer({ min: 0, max: 3 }));
  return fc.oneof(
    { weight: 4, arbitrary: name.map((first) => [first]) },
    { weight: 2, arbitrary: fc.tuple(name, step) },
    { weight: 1, arbitrary: fc.tuple(name, step, step) },
  );
}

function condition(path: Arbitrary<Path>): Arbitrary<Condition> {
  const kind = <Kind extends Condition["kind"]>(name: Kind): Arbitrary<Kind> => fc.constant(name);
  const numeric: Arbitrary<Operand> = fc
    .integer({ min: 0, max: 4 })
    .map((size) => ({ value: { N: String(size) } }));
  const stepped: Arbitrary<Operand> = path.map((steps) => ({ path: steps }));
  const sized: Arbitrary<Operand> = path.map((steps) => ({ sizeOf: steps }));
  const equality = fc.constantFrom<Comparator[]>("=", "<>");
  const comparator = fc.constantFrom<Comparator[]>("=", "<>", "<", "<=", ">", ">=");
  const constant = (of: Arbitrary<Value>): Arbitrary<Operand> => of.map((inner) => ({ value: inner }));
  const comparison = (
    comparators: Arbitrary<Comparator>,
    left: Arbitrary<Operand>,
    right: Arbitrary<Operand>,
  ): Arbitrary<Condition> => fc.record({ kind: kind("compare"), comparator: comparators, left, right });
  const simple = fc.oneof(
    comparison(equality, stepped, constant(value)),
    comparison(comparator, stepped, constant(ordered)),
    comparison(comparator, constant(ordered), stepped),
    // The service refuses an operand compared with itself.
    comparison(comparator, stepped, stepped).filter(
      (both) => both.kind === "compare" && JSON.stringify(both.left) !== JSON.stringify(both.right),
    ),
    comparison(comparator, sized, numeric),
    fc
      .tuple(stepped, fc.oneof(fc.tuple(text, text), fc.tuple(number, number), fc.tuple(binary, binary)))
      .map(([operand, [left, right]]) => ({ kind: "between" as const, operand, ...range(left, right) })),
    fc.record({
      kind: kind("in"),
      operand: stepped,
      candidates: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constantFrom("exists" as const, "absent" as const), path }),
    fc.record({ kind: kind("type"), path, type: fc.constantFrom(...kinds) }),
    fc.record({ kind: kind("begins"), path, prefix: fc.oneof(text, binary) }),
    fc.record({ kind: kind("contains"), path, part: fc.oneof(ordered, value) }),
  );
  return fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      { weight: 3, arbitrary: simple },
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        left: tie("tree"),
        right: tie("tree"),
      }),
      fc.record({ kind: kind("not"), inner: tie("tree") }),
    ),
  })).tree;
}

const legacyTerm: Arbitrary<Omit<LegacyTerm, "name">> = fc.oneof(
  withOne("EQ", leaf),
  withOne("NE", leaf),
  ...(["LT", "LE", "GT", "GE", "CONTAINS"] as const).map((operator) => withOne(operator, ordered)),
  withOne("BEGINS_WITH", fc.oneof(text, binary)),
  fc
    .oneof(fc.tuple(text, text), fc.tuple(number, number), fc.tuple(binary, binary))
    .map(([left, right]) => range(left, right))
    .map(({ low, high }) => ({ operator: "BETWEEN" as const, values: [low, high] })),
  fc
    .oneof(...[text, number, binary].map((kind) => fc.array(kind, { minLength: 1, maxLength: 3 })))
    .map((values) => ({ operator: "IN" as const, values })),
  fc.constantFrom("NULL" as const, "NOT_NULL" as const).map((operator) => ({ operator, values: [] })),
);

const legacyCondition: Arbitrary<LegacyCondition> = fc.record({
  operator: fc.constantFrom("AND" as const, "OR" as const),
  terms: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...attributeNames), legacyTerm), {
      minLength: 1,
      maxLength: 3,
      selector: ([name]) => name,
    })
    .map((terms) => terms.map(([name, rest]) => ({ name, ...rest }))),
});

function withOne(
  operator: LegacyTerm["operator"],
  operand: Arbitrary<Value>,
): Arbitrary<Omit<LegacyTerm, "name">> {
  return operand.map((only) => ({ operator, values: [only] }));
}

function projection(path: Arbitrary<Path>): Arbitrary<readonly Path[]> {
  return fc
    .array(path, { minLength: 1, maxLength: 4 })
    .map((paths) => withoutClashes(paths, (steps) => steps));
}

const targetPath = pathOf(attributeNames);
const mapPath = targetPath.filter((path) => path.every((step) => typeof step === "string"));

type Action =
  | { readonly clause: "set"; readonly target: Path; readonly value: Expression }
  | { readonly clause: "remove"; readonly target: Path }
  | { readonly clause: "add" | "delete"; readonly target: Path; readonly value: Value };

const update: Arbitrary<Update> = fc
  .array(
    fc.oneof<Arbitrary<Action>[]>(
      fc.record({ clause: fc.constant("set"), target: targetPath, value: expression() }),
      fc.record({ clause: fc.constant("set"), target: targetPath, value: expression() }),
      fc.record({ clause: fc.constant("remove"), target: targetPath }),
      fc.record({ clause: fc.constant("add"), target: mapPath, value: fc.oneof(number, set) }),
      fc.record({ clause: fc.constant("delete"), target: mapPath, value: set }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((drawn) => {
    const actions = withoutClashes(drawn, ({ target }) => target);
    return {
      set: actions.filter((action) => action.clause === "set"),
      remove: actions.filter((action) => action.clause === "remove").map(({ target }) => target),
      add: actions.filter((action) => action.clause === "add" && "value" in action) as Update["add"],
      delete: actions.filter((action) => action.clause === "delete" && "value" in action) as Update["delete"],
    };
  });

function expression(): Arbitrary<Expression> {
  const pair = (kind: "+" | "-" | "list-append", constant: Arbitrary<Value>): Arbitrary<Expression> =>
    fc
      .record({ kind: fc.constant(kind), left: term(constant), right: term(constant) })
      .filter(({ left, right }) => JSON.stringify(left) !== JSON.stringify(right));
  return fc.oneof<Arbitrary<Expression>[]>(
    term(value),
    term(value),
    pair("+", number),
    pair("-", number),
    pair("list-append", list),
  );
}

function term(constant: Arbitrary<Value>): Arbitrary<Term> {
  return fc.oneof<Arbitrary<Term>[]>(
    fc.record({ kind: fc.constant("value"), value: constant }),
    fc.record({ kind: fc.constant("path"), path: targetPath }),
    fc.record({ kind: fc.constant("if-not-exists"), path: targetPath, otherwise: constant }),
  );
}

/** The service refuses paths of one expression that overlap or conflict: only the first of such stays. */
function withoutClashes<Thing>(things: readonly Thing[], pathOfThing: (thing: Thing) => Path): Thing[] {
  const kept: Thing[] = [];
  for (const thing of things) {
    if (!kept.some((other) => clash(pathOfThing(other), pathOfThing(thing)))) kept.push(thing);
  }
  return kept;
}

function clash(left: Path, right: Path): boolean {
  const until = Math.min(left.length, right.length);
  for (let index = 0; index < until; index++) {
    if (left[index] !== right[index]) return typeof left[index] !== typeof right[index];
  }
  return true;
}
