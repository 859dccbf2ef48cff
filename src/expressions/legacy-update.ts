import { assert } from "../base/assert.ts";
import { kindOf, type AttributeKind, type AttributeValue } from "../model/attribute-value.ts";
import {
  addNotSupported,
  deleteNotSupported,
  onlyDeleteWithoutValue,
} from "../model/messages/legacy-conditions.ts";
import { emptyAttributeName } from "../model/messages/values.ts";
import type { AttributeValueUpdate } from "../model/types.generated.ts";
import type { Wording } from "../model/wording.ts";
import { checkValue } from "../values/check.ts";
import type { Action } from "./ast.ts";
import { updateOf, type Update } from "./update.ts";

/** The update that `AttributeUpdates` states: it writes whole attributes only. */
export function attributeUpdatesUpdate(
  updates: Readonly<Record<string, AttributeValueUpdate>>,
  wording: Wording,
): Update {
  const names = Object.keys(updates);
  const values: AttributeValue[] = [];
  const actions = Object.values(updates).map((given, target) => {
    const value = given.Value === undefined ? undefined : checkValue(given.Value, wording);
    checkAction(given.Action, value);
    return actionOf(given.Action, target, value === undefined ? undefined : values.push(value) - 1);
  });
  if (names.includes("")) throw emptyAttributeName();
  const update = updateOf(actions, { paths: names.map((name) => [name]), values });
  assert(update !== undefined, "no name is twice in a map");
  return update;
}

type ActionName = AttributeValueUpdate["Action"];

const addable: ReadonlySet<AttributeKind> = new Set(["N", "SS", "NS", "BS", "L"]);
const deletable: ReadonlySet<AttributeKind> = new Set(["SS", "NS", "BS"]);

function checkAction(action: ActionName, value: AttributeValue | undefined): void {
  if (value === undefined) {
    if (action !== "DELETE") throw onlyDeleteWithoutValue();
    return;
  }
  const type = kindOf(value);
  if (action === "ADD" && !addable.has(type)) throw addNotSupported(type);
  if (action === "DELETE" && !deletable.has(type)) throw deleteNotSupported(type);
}

/** Without a value there is only DELETE, which then takes the attribute away. */
function actionOf(action: ActionName, target: number, value: number | undefined): Action {
  if (value === undefined) return { kind: "remove", target };
  if (action === "ADD") return { kind: "legacy-add", target, value };
  if (action === "DELETE") return { kind: "legacy-delete", target, value };
  return { kind: "set", target, value: { kind: "value", slot: value } };
}
