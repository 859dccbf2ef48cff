/** The item that a WHERE clause names, where it names one. */
import { attributeOf, emptyItem, type AttributeValue, type Item } from "../../model/attribute-value.ts";
import { equalValues } from "../../values/compare.ts";
import type { ConditionTree } from "../ast.ts";
import type { Condition } from "../evaluate.ts";
import type { Scope } from "../scope.ts";
import { keyClauseOf } from "./key-clause.ts";

/** What a WHERE clause says of attributes that make up a key, by equalities that all have to hold. */
export interface NamedKey {
  /** The first value that each attribute must equal; those without are absent. Not held against the key's types. */
  readonly values: Item;
  /** The first attribute that must equal two values. */
  readonly contradicted: string | undefined;
  /** Whether the clause asks for anything beside. */
  readonly asksMore: boolean;
}

/** `names`: the attributes of the key. `listsOfOne`: whether IN with one value is an equality. */
export function namedKey(
  where: Condition | undefined,
  names: readonly string[],
  { listsOfOne = false } = {},
): NamedKey {
  const values = emptyItem();
  let contradicted: string | undefined;
  let asksMore = false;
  for (const tree of where === undefined ? [] : conjuncts(where.tree)) {
    const equality = where && equalityIn(tree, where.scope, listsOfOne);
    if (equality === undefined || !names.includes(equality.name)) {
      asksMore = true;
      continue;
    }
    const { name, value } = equality;
    const before = attributeOf(values, name);
    if (before === undefined) values[name] = value;
    else if (!equalValues(before, value)) contradicted ??= name;
  }
  return { values, contradicted, asksMore };
}

/** The conditions that all have to hold, in the order of the text. */
function conjuncts(whole: ConditionTree): readonly ConditionTree[] {
  const found: ConditionTree[] = [];
  const pending = [whole];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    if (tree.kind === "and") pending.push(tree.right, tree.left);
    else found.push(tree);
  }
  return found;
}

interface Equality {
  readonly name: string;
  readonly value: AttributeValue;
}

/** The equality that `tree` is; a list of one counts only where `listsOfOne` is true. */
function equalityIn(tree: ConditionTree, scope: Scope, listsOfOne: boolean): Equality | undefined {
  if (tree.kind === "in" && !listsOfOne) return undefined;
  const clause = keyClauseOf(tree, scope);
  const [asks, ...others] = clause?.asks ?? [];
  if (clause === undefined || asks?.operator !== "=" || others.length > 0) return undefined;
  return { name: clause.name, value: asks.value };
}
