import { assert, InvariantError, unreachable } from "../base/assert.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { legacyTypeMismatch, missingAttribute, wrongStoredType } from "../model/messages/expressions.ts";
import { addNumbers, subtractNumbers } from "../values/number.ts";
import type { Action, Call, SetValue } from "./ast.ts";
import { pathAt, valueAt, valueIn, type Scope } from "./scope.ts";
import { setDifference, setUnion } from "./set-algebra.ts";

/** Where the operands of an update come from: the request, and the item before it. */
export interface Sources {
  readonly scope: Scope;
  readonly base: Item;
}

/** What `action` makes of the value at its target; undefined: the target goes. */
export function resultOf(
  action: Action,
  current: AttributeValue | undefined,
  sources: Sources,
): AttributeValue | undefined {
  switch (action.kind) {
    case "set":
      return setValue(action.value, sources);
    case "remove":
      return undefined;
    case "add":
      return added(current, valueAt(sources.scope, action.value));
    case "delete":
      return deleted(current, valueAt(sources.scope, action.value));
    case "legacy-add":
      return legacyAdded(current, valueAt(sources.scope, action.value));
    case "legacy-delete":
      return legacyDeleted(current, valueAt(sources.scope, action.value));
    default:
      return unreachable(action);
  }
}

function added(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (current === undefined) return value;
  if (current.N !== undefined && value.N !== undefined) return { N: addNumbers(current.N, value.N) };
  const union = setUnion(current, value);
  if (union === undefined) throw wrongStoredType();
  return union;
}

/** A set of which nothing is left goes. */
function deleted(current: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (current === undefined) return undefined;
  const difference = setDifference(current, value);
  if (difference === undefined) throw wrongStoredType();
  return difference === "empty" ? undefined : difference;
}

/** AttributeUpdates can add to lists, too. */
function legacyAdded(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (current === undefined) return value;
  if (current.L !== undefined && value.L !== undefined) return { L: [...current.L, ...value.L] };
  if (current.N !== undefined && value.N !== undefined) return { N: addNumbers(current.N, value.N) };
  const union = setUnion(current, value);
  if (union === undefined) throw legacyTypeMismatch();
  return union;
}

function legacyDeleted(
  current: AttributeValue | undefined,
  value: AttributeValue,
): AttributeValue | undefined {
  if (current === undefined) return undefined;
  const difference = setDifference(current, value);
  if (difference === undefined) throw legacyTypeMismatch();
  return difference === "empty" ? undefined : difference;
}

function setValue(value: SetValue, sources: Sources): AttributeValue {
  switch (value.kind) {
    case "value":
      return valueAt(sources.scope, value.slot);
    case "path":
      return present(valueIn(sources.base, pathAt(sources.scope, value.slot)));
    case "arithmetic": {
      const left = setValue(value.left, sources).N;
      const right = setValue(value.right, sources).N;
      if (left === undefined || right === undefined) throw wrongStoredType();
      return { N: value.operator === "+" ? addNumbers(left, right) : subtractNumbers(left, right) };
    }
    case "call":
      return value.name === "list_append" ? appended(value, sources) : existing(value, sources);
    case "truth":
      throw new InvariantError("conditions are no values of updates");
    default:
      return unreachable(value);
  }
}

function present(value: AttributeValue | undefined): AttributeValue {
  if (value === undefined) throw missingAttribute();
  return value;
}

function appended({ operands: [first, second] }: Call, sources: Sources): AttributeValue {
  assert(first !== undefined && second !== undefined, "list_append has two operands");
  const head = setValue(first, sources).L;
  const tail = setValue(second, sources).L;
  if (head === undefined || tail === undefined) throw wrongStoredType();
  return { L: [...head, ...tail] };
}

function existing({ operands: [path, otherwise] }: Call, sources: Sources): AttributeValue {
  assert(path?.kind === "path" && otherwise !== undefined, "if_not_exists has a path and an operand");
  return valueIn(sources.base, pathAt(sources.scope, path.slot)) ?? setValue(otherwise, sources);
}
