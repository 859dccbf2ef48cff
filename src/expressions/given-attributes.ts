/** What an update gives whole attributes, as far as its text tells without the item. */
import { kindOf, type AttributeKind, type AttributeValue } from "../model/attribute-value.ts";
import type { Action, SetValue } from "./ast.ts";
import { headOf, pathAt, valueAt, type Scope } from "./scope.ts";
import type { Update } from "./update.ts";

export interface GivenAttribute {
  readonly name: string;
  readonly kind: AttributeKind;
  /** Absent where the kind is known and the value is not. */
  readonly value?: AttributeValue | undefined;
}

/** The attributes of which the update tells at least the kind of their new values. */
export function givenAttributes({ actions, scope }: Update): readonly GivenAttribute[] {
  return actions.flatMap((action) => {
    const path = pathAt(scope, action.target);
    const given = path.length > 1 ? undefined : givenBy(action, scope);
    return given === undefined ? [] : [{ name: headOf(path), ...given }];
  });
}

type Given = Omit<GivenAttribute, "name">;

function givenBy(action: Action, scope: Scope): Given | undefined {
  if (action.kind === "remove") return undefined;
  // What is added to an attribute or deleted from it is of the attribute's own kind, or the update fails.
  if (action.kind !== "set") return { kind: kindOf(valueAt(scope, action.value)) };
  if (action.value.kind !== "value") return kindGiven(action.value, scope);
  const value = valueAt(scope, action.value.slot);
  return { kind: kindOf(value), value };
}

function kindGiven(operand: SetValue, scope: Scope): Given | undefined {
  const kind = kindOfOperand(operand, scope);
  return kind && { kind };
}

function kindOfOperand(operand: SetValue | undefined, scope: Scope): AttributeKind | undefined {
  if (operand === undefined || operand.kind === "path") return undefined;
  if (operand.kind === "value") return kindOf(valueAt(scope, operand.slot));
  if (operand.kind === "arithmetic") return "N";
  if (operand.kind === "truth") return "BOOL";
  if (operand.name === "list_append") return "L";
  return operand.name === "if_not_exists" ? kindOfOperand(operand.operands[1], scope) : undefined;
}
