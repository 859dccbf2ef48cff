import type { Placeholders } from "./placeholders.ts";
import { memberOf, stored, valueAt, type Item, type Path, type Value } from "./values.ts";

/** Update expressions as trees, one list a clause. No two targets overlap. */
export interface Update {
  readonly set: readonly { readonly target: Path; readonly value: Expression }[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly target: Path; readonly value: Value }[];
  readonly delete: readonly { readonly target: Path; readonly value: Value }[];
}

export type Term =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "if-not-exists"; readonly path: Path; readonly otherwise: Value };

export type Expression =
  Term | { readonly kind: "+" | "-" | "list-append"; readonly left: Term; readonly right: Term };

/** The texts of the refusals that depend on the stored item. */
export const refusals = {
  operandType: "An operand in the update expression has an incorrect data type",
  absent: "The provided expression refers to an attribute that does not exist in the item",
  path: "The document path provided in the update expression is invalid for update",
} as const;

/** Several things may be wrong with one update; which of them the service names is not known, so any will do. */
export class UpdateRefusal extends Error {
  readonly reasons: readonly string[];

  constructor(...reasons: readonly string[]) {
    super(reasons.join());
    this.reasons = reasons;
  }
}

/** The paths that UPDATED_OLD and UPDATED_NEW speak of. */
export function targetsOf(update: Update): readonly Path[] {
  return [...update.set, ...update.add, ...update.delete].map(({ target }) => target).concat(update.remove);
}

export function printUpdate(update: Update, to: Placeholders): string {
  const pairs = (clause: Update["add"]): string[] =>
    clause.map(({ target, value }) => `${to.path(target)} ${to.value(value)}`);
  const sets = update.set.map(({ target, value }) => `${to.path(target)} = ${printExpression(value, to)}`);
  const clauses = {
    SET: sets,
    REMOVE: update.remove.map((path) => to.path(path)),
    ADD: pairs(update.add),
    DELETE: pairs(update.delete),
  };
  return Object.entries(clauses)
    .filter(([, actions]) => actions.length > 0)
    .map(([name, actions]) => `${name} ${actions.join(", ")}`)
    .join(" ");
}

/** The item after the update; undefined when an absent one stays absent. Throws an `UpdateRefusal`. */
export function applyUpdate(before: Item | undefined, key: Item, update: Update): Item | undefined {
  const base = before ?? key;
  const reasons: string[] = [];
  const changes: Change[] = [];
  const change = (target: Path, valueOf: () => Value | undefined): void => {
    collect(reasons, () => {
      requireParent(base, target);
    });
    collect(reasons, () => changes.push({ target, value: valueOf() }));
  };
  for (const { target, value } of update.set) change(target, () => evaluate(value, base));
  for (const { target, value } of update.add) change(target, () => sum(valueAt(base, target), value));
  if (before !== undefined) {
    for (const target of update.remove) change(target, () => undefined);
    for (const { target, value } of update.delete)
      change(target, () => difference(valueAt(base, target), value));
  }
  if (reasons.length > 0) throw new UpdateRefusal(...reasons);
  if (before === undefined && update.set.length + update.add.length === 0) return undefined;
  const after = rebuilt({ M: base }, changes);
  return "M" in after ? after.M : undefined;
}

function collect(reasons: string[], step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof UpdateRefusal)) throw error;
    reasons.push(...error.reasons);
  }
}

interface Change {
  readonly target: Path;
  /** Undefined removes. */
  readonly value: Value | undefined;
}

/** Every step but the last must lead through a map or list that is there. */
function requireParent(item: Item, target: Path): void {
  if (target.length === 1) return;
  const parent = valueAt(item, target.slice(0, -1));
  const wanted = typeof target.at(-1) === "string" ? "M" : "L";
  if (parent === undefined || !(wanted in parent)) throw new UpdateRefusal(refusals.path);
}

/** The value with all changes made at once: positions mean those of the old list, new ones go to its end. */
function rebuilt(value: Value, changes: readonly Change[]): Value {
  const [first] = changes;
  if (first === undefined) return value;
  const steps = [...new Set(changes.map(({ target }) => target[0]))];
  const under = (step: string | number | undefined): Change[] =>
    changes
      .filter(({ target }) => target[0] === step)
      .map(({ target, value: changed }) => ({ target: target.slice(1), value: changed }));
  if ("M" in value) {
    const members = new Map(Object.entries(value.M));
    for (const name of steps) replace(members, String(name), under(name));
    return { M: Object.fromEntries(members) };
  }
  if (!("L" in value)) throw new UpdateRefusal(refusals.path);
  const elements = new Map(value.L.entries());
  for (const position of steps.map(Number).toSorted((a, b) => a - b))
    replace(elements, position, under(position));
  return { L: [...elements].toSorted(([left], [right]) => left - right).map(([, element]) => element) };
}

function replace<Step>(members: Map<Step, Value>, step: Step, changes: readonly Change[]): void {
  const whole = changes.find(({ target }) => target.length === 0);
  const current = members.get(step);
  if (whole !== undefined) {
    if (whole.value === undefined) members.delete(step);
    else members.set(step, whole.value);
  } else if (current !== undefined) {
    members.set(step, rebuilt(current, changes));
  }
}

function evaluate(expression: Expression, item: Item): Value {
  switch (expression.kind) {
    case "value":
      return stored(expression.value);
    case "path":
      return present(valueAt(item, expression.path));
    case "if-not-exists":
      return valueAt(item, expression.path) ?? stored(expression.otherwise);
    case "list-append": {
      const [left, right] = [evaluate(expression.left, item), evaluate(expression.right, item)];
      if (!("L" in left && "L" in right)) throw new UpdateRefusal(refusals.operandType);
      return { L: [...left.L, ...right.L] };
    }
    case "+":
    case "-": {
      const [left, right] = [evaluate(expression.left, item), evaluate(expression.right, item)];
      if (!("N" in left && "N" in right)) throw new UpdateRefusal(refusals.operandType);
      const amount = Number(right.N);
      return { N: String(Number(left.N) + (expression.kind === "+" ? amount : -amount) + 0) };
    }
  }
}

function present(value: Value | undefined): Value {
  if (value === undefined) throw new UpdateRefusal(refusals.absent);
  return value;
}

function sum(current: Value | undefined, added: Value): Value {
  const value = stored(added);
  if (current === undefined) return value;
  if ("N" in current && "N" in value) return { N: String(Number(current.N) + Number(value.N) + 0) };
  for (const kind of ["SS", "NS", "BS"]) {
    const [old, more] = [setOf(current, kind), setOf(value, kind)];
    if (old !== undefined && more !== undefined)
      return { [kind]: [...new Set([...old, ...more])] } as unknown as Value;
  }
  throw new UpdateRefusal(refusals.operandType);
}

function difference(current: Value | undefined, removed: Value): Value | undefined {
  if (current === undefined) return undefined;
  const value = stored(removed);
  for (const kind of ["SS", "NS", "BS"]) {
    const [old, less] = [setOf(current, kind), setOf(value, kind)];
    if (old === undefined || less === undefined) continue;
    const rest = old.filter((member) => !less.includes(member));
    return rest.length === 0 ? undefined : ({ [kind]: rest } as unknown as Value);
  }
  throw new UpdateRefusal(refusals.operandType);
}

function setOf(value: Value, kind: string): readonly string[] | undefined {
  const members = memberOf(value as unknown as Item, kind) as unknown;
  return Array.isArray(members) ? (members as string[]) : undefined;
}

function printExpression(expression: Expression, to: Placeholders): string {
  switch (expression.kind) {
    case "value":
      return to.value(expression.value);
    case "path":
      return to.path(expression.path);
    case "if-not-exists":
      return `if_not_exists(${to.path(expression.path)}, ${to.value(expression.otherwise)})`;
    case "list-append":
      return `list_append(${printExpression(expression.left, to)}, ${printExpression(expression.right, to)})`;
    case "+":
    case "-":
      return `${printExpression(expression.left, to)} ${expression.kind} ${printExpression(expression.right, to)}`;
  }
}
