import { compareKeys } from "./compare-keys.ts";

/** A B+tree of byte strings, all leaves at level 0. Nobody changes a node once it is made. */
export type Tree = Leaf | Branch;

export interface Leaf {
  readonly level: 0;
  readonly keys: readonly Uint8Array[];
  readonly values: readonly Uint8Array[];
}

export interface Branch {
  readonly level: number;
  /** The least key below each child but the first, or a key between it and the one before: one fewer than children. */
  readonly keys: readonly Uint8Array[];
  readonly children: readonly Tree[];
}

/** Holds nothing. */
export const emptyTree: Tree = { level: 0, keys: [], values: [] };

export function isLeaf(tree: Tree): tree is Leaf {
  return tree.level === 0;
}

/** How many of `keys` are below `key`. */
export function countBelow(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = keys[middle];
    if (candidate !== undefined && compareKeys(candidate, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
