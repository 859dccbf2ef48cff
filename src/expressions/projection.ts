import { assert } from "../base/assert.ts";
import { attributeOf, emptyItem } from "../model/attribute-value.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { pathTree, type ListBranch, type MapBranch, type PathTree } from "./path-tree.ts";

/** The parts of items that a read asks for. */
export interface Projection {
  readonly tree: MapBranch;
}

/** The projection on whole attributes: the older parameter for it. No name may be given twice. */
export function projectionOf(names: readonly string[]): Projection {
  const tree = pathTree(names.map((name) => [name]));
  assert(tree !== undefined, "names of attributes are checked for repetitions");
  return { tree };
}

/** The attributes that `projection` asks for, whole or in part. */
export function projectedAttributes({ tree }: Projection): readonly string[] {
  return [...tree.members.keys()];
}

/** The attributes of which `projection` asks for parts. */
export function projectedInPart({ tree }: Projection): readonly string[] {
  const names: string[] = [];
  for (const [name, { kind }] of tree.members) if (kind !== "leaf") names.push(name);
  return names;
}

/** What `projection` asks for of `item`: maps with only the members named, lists closed up in ascending order. */
export function project({ tree }: Projection, item: Item): Item {
  return partOfMap(item, tree) ?? emptyItem();
}

function partOf(value: AttributeValue, tree: PathTree): AttributeValue | undefined {
  switch (tree.kind) {
    case "leaf":
      return value;
    case "map": {
      const members = value.M === undefined ? undefined : partOfMap(value.M, tree);
      return members && { M: members };
    }
    case "list": {
      const elements = value.L === undefined ? [] : partOfList(value.L, tree);
      return elements.length === 0 ? undefined : { L: elements };
    }
  }
}

/** Undefined where nothing asked for is there: what stays empty is left out with all that is around it. */
function partOfMap(map: Item, { members }: MapBranch): Item | undefined {
  let part: Record<string, AttributeValue> | undefined;
  for (const [name, tree] of members) {
    const value = attributeOf(map, name);
    const kept = value === undefined ? undefined : partOf(value, tree);
    if (kept === undefined) continue;
    part ??= emptyItem();
    part[name] = kept;
  }
  return part;
}

function partOfList(list: readonly AttributeValue[], { elements }: ListBranch): AttributeValue[] {
  const part: AttributeValue[] = [];
  for (const [index, tree] of elements) {
    const value = list[index];
    const kept = value === undefined ? undefined : partOf(value, tree);
    if (kept !== undefined) part.push(kept);
  }
  return part;
}
