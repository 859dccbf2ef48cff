import { InvariantError } from "../base/assert.ts";
import { utf8Size } from "../base/text.ts";
import { attributeOf, emptyItem } from "../model/attribute-value.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { invalidUpdatePath } from "../model/messages/expressions.ts";
import { valueSize } from "../values/size.ts";
import type { Action, Path, SetValue, UpdateTree } from "./ast.ts";
import { pathTree, type ListBranch, type MapBranch, type PathTree } from "./path-tree.ts";
import { project } from "./projection.ts";
import { headOf, pathAt, valueAt, type Scope } from "./scope.ts";
import { resultOf } from "./update-result.ts";

/** Changes of an item, ready to be applied: no target lies within another. */
export interface Update {
  readonly actions: UpdateTree;
  readonly scope: Scope;
  /** Where the changes go. Each leaf is the index of an action. */
  readonly targets: MapBranch;
}

/** The update of checked actions; undefined if two of their targets clash. */
export function updateOf(actions: UpdateTree, scope: Scope): Update | undefined {
  const targets = pathTree(targetPaths(actions, scope));
  return targets && { actions, scope, targets };
}

export function targetPaths(actions: UpdateTree, scope: Scope): readonly Path[] {
  return actions.map(({ target }) => pathAt(scope, target));
}

/** The attributes an update writes, `nested` where only to a place inside. */
export function updateTargets({ actions, scope }: Update): readonly { name: string; nested: boolean }[] {
  return actions.map(({ target }) => {
    const path = pathAt(scope, target);
    return { name: headOf(path), nested: path.length > 1 };
  });
}

/**
 * The item after `update`, which shares with `before` whatever stays the same. `key` is the start of an item that was
 * absent; undefined: it stays absent, since an update that only takes away makes no item.
 */
export function applyUpdate(update: Update, before: Item | undefined, key: Item): Item | undefined {
  if (before === undefined && update.actions.length > 0 && update.actions.every(takesAway)) return undefined;
  const edit = { update, base: before ?? key, itemExists: before !== undefined };
  return editedMap(edit.base, update.targets, edit);
}

/** The parts that an update names, as they were (`old`) or have become (`new`); undefined where there are none. */
export function updatedAttributes(
  update: Update,
  image: "old" | "new",
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  const item = image === "old" ? before : after;
  if (item === undefined) return undefined;
  const parts = project({ tree: update.targets }, item);
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** One run of an update. Everything is read from `base`, which never changes. */
interface Edit {
  readonly update: Update;
  readonly base: Item;
  readonly itemExists: boolean;
}

function editedMap(map: Item, { members }: MapBranch, edit: Edit): Item {
  const edited = Object.assign(emptyItem(), map);
  for (const [name, tree] of members) {
    const value = editedValue(attributeOf(map, name), tree, edit);
    if (value === undefined) Reflect.deleteProperty(edited, name);
    else edited[name] = value;
  }
  return edited;
}

/** Indexes are those before the update: what is set beyond the end is appended, what is removed leaves no gap. */
function editedList(
  list: readonly AttributeValue[],
  { elements }: ListBranch,
  edit: Edit,
): readonly AttributeValue[] {
  const edited: (AttributeValue | undefined)[] = [...list];
  for (const [index, tree] of elements) {
    const value = editedValue(list[index], tree, edit);
    if (index < list.length) edited[index] = value;
    else edited.push(value);
  }
  return edited.filter((value) => value !== undefined);
}

/** What becomes of the value at one step: undefined, nothing. */
function editedValue(
  current: AttributeValue | undefined,
  tree: PathTree,
  edit: Edit,
): AttributeValue | undefined {
  if (tree.kind === "leaf") return resultAt(tree.index, current, edit);
  if (tree.kind === "map" && current?.M !== undefined) return { M: editedMap(current.M, tree, edit) };
  if (tree.kind === "list" && current?.L !== undefined) return { L: editedList(current.L, tree, edit) };
  // There is nothing to take away from an item that is absent as a whole.
  if (current === undefined && !edit.itemExists && onlyTakesAway(tree, edit.update)) return undefined;
  throw invalidUpdatePath();
}

function resultAt(
  index: number,
  current: AttributeValue | undefined,
  { update: { actions, scope }, base }: Edit,
): AttributeValue | undefined {
  const action = actions[index];
  return action && resultOf(action, current, { scope, base });
}

function onlyTakesAway(tree: PathTree, update: Update): boolean {
  if (tree.kind === "leaf") {
    const action = update.actions[tree.index];
    return action !== undefined && takesAway(action);
  }
  const children = tree.kind === "map" ? tree.members : tree.elements;
  return [...children.values()].every((child) => onlyTakesAway(child, update));
}

function takesAway({ kind }: Action): boolean {
  return kind === "remove" || kind === "delete" || kind === "legacy-delete";
}

/** What the service charges, in bytes, beside what an action names and holds. Measured, never documented. */
const charges = {
  statement: 3,
  writing: 19,
  removing: 1,
  targetStep: 4,
  path: 1,
  pathStep: 14,
  "+": 34,
  "-": 37,
  if_not_exists: 39,
  list_append: 37,
} as const;

/** The bytes for which an update expression counts, which must fit the limit of an item like the item itself. */
export function statementCharge({ actions, scope }: Update): number {
  let bytes: number = charges.statement;
  for (const action of actions) bytes += actionCharge(action, scope);
  return bytes;
}

function actionCharge(action: Action, scope: Scope): number {
  const target = targetCharge(pathAt(scope, action.target));
  if (takesAway(action)) return charges.removing + target;
  return charges.writing + target + writtenCharge(action, scope);
}

function writtenCharge(action: Action, scope: Scope): number {
  if (action.kind === "remove") return 0;
  return action.kind === "set" ? operandCharge(action.value, scope) : valueSize(valueAt(scope, action.value));
}

function targetCharge(path: Path): number {
  let bytes = -charges.targetStep;
  for (const step of path) bytes += charges.targetStep + utf8Size(String(step));
  return bytes;
}

function operandCharge(operand: SetValue, scope: Scope): number {
  switch (operand.kind) {
    case "value":
      return valueSize(valueAt(scope, operand.slot));
    case "path":
      return pathCharge(pathAt(scope, operand.slot));
    case "arithmetic": {
      const { operator, left, right } = operand;
      return charges[operator] + operandCharge(left, scope) + operandCharge(right, scope);
    }
    case "call": {
      let bytes: number = operand.name === "list_append" ? charges.list_append : charges.if_not_exists;
      for (const argument of operand.operands) bytes += operandCharge(argument, scope);
      return bytes;
    }
    case "truth":
      throw new InvariantError("conditions are no values of updates");
  }
}

function pathCharge(path: Path): number {
  let bytes: number = charges.path;
  for (const step of path) bytes += charges.pathStep + utf8Size(String(step));
  return bytes;
}
