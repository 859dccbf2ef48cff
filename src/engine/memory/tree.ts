/**
 * An immutable B+tree of byte strings. Every change answers a new tree that shares all but the changed path with the
 * old one, so that keeping a snapshot costs nothing.
 */
import { compareKeys } from "./compare-keys.ts";

import { countBelow, isLeaf, type Branch, type Leaf, type Tree } from "./node.ts";

/** The most entries of a leaf and keys of a branch. Measured: 32 to 128 differ by less than the noise. */
const keysMax = 64;

function holdsAt(keys: readonly Uint8Array[], index: number, key: Uint8Array): boolean {
  const candidate = keys[index];
  return candidate !== undefined && compareKeys(candidate, key) === 0;
}

/** The child of a branch that holds `key`, if any does: a separator belongs to the child behind it. */
function childIndex({ keys }: Branch, key: Uint8Array): number {
  const index = countBelow(keys, key);
  return holdsAt(keys, index, key) ? index + 1 : index;
}

export function valueIn(tree: Tree, key: Uint8Array): Uint8Array | undefined {
  let node: Tree | undefined = tree;
  while (node !== undefined && !isLeaf(node)) node = node.children[childIndex(node, key)];
  if (node === undefined) return undefined;
  const index = countBelow(node.keys, key);
  return holdsAt(node.keys, index, key) ? node.values[index] : undefined;
}

// Changes ------------------------------------------------------------------------------------------------------

/** The tree with `value` at `key`. Both are kept as they are: hand in copies. */
export function withEntry(tree: Tree, key: Uint8Array, value: Uint8Array): Tree {
  return grown(put(tree, key, value));
}

/** The tree without `key`; the same tree when it is not there. */
export function withoutKey(tree: Tree, key: Uint8Array): Tree {
  const less = remove(tree, key);
  const [onlyChild] = isLeaf(less) ? [] : less.children;
  return onlyChild !== undefined && less.keys.length === 0 ? onlyChild : less;
}

/** A node, or two with the key between them where it outgrew its size. */
interface Split {
  readonly left: Tree;
  readonly key: Uint8Array;
  readonly right: Tree;
}

function isSplit(made: Tree | Split): made is Split {
  return "right" in made;
}

function grown(made: Tree | Split): Tree {
  if (!isSplit(made)) return made;
  return { level: made.left.level + 1, keys: [made.key], children: [made.left, made.right] };
}

function put(tree: Tree, key: Uint8Array, value: Uint8Array): Tree | Split {
  return isLeaf(tree) ? putInLeaf(tree, key, value) : putInBranch(tree, key, value);
}

function putInLeaf({ keys, values }: Leaf, key: Uint8Array, value: Uint8Array): Tree | Split {
  const index = countBelow(keys, key);
  // The key is replaced too, so that a key does not keep alive the memory that its first value shared with it.
  const replaced = holdsAt(keys, index, key) ? 1 : 0;
  return fitted({
    level: 0,
    keys: spliced(keys, { index, removed: replaced }, [key]),
    values: spliced(values, { index, removed: replaced }, [value]),
  });
}

function putInBranch(branch: Branch, key: Uint8Array, value: Uint8Array): Tree | Split {
  const index = childIndex(branch, key);
  const child = branch.children[index];
  if (child === undefined) return branch;
  const made = put(child, key, value);
  if (!isSplit(made)) {
    return { ...branch, children: spliced(branch.children, { index, removed: 1 }, [made]) };
  }
  return fitted({
    level: branch.level,
    keys: spliced(branch.keys, { index, removed: 0 }, [made.key]),
    children: spliced(branch.children, { index, removed: 1 }, [made.left, made.right]),
  });
}

/** The node, or its halves when it has outgrown its size. */
function fitted(node: Tree): Tree | Split {
  if (node.keys.length <= keysMax) return node;
  const middle = node.keys.length >>> 1;
  const key = node.keys[middle] ?? new Uint8Array();
  if (isLeaf(node)) {
    const { keys, values } = node;
    return {
      left: { level: 0, keys: keys.slice(0, middle), values: values.slice(0, middle) },
      key,
      right: { level: 0, keys: keys.slice(middle), values: values.slice(middle) },
    };
  }
  const { level, keys, children } = node;
  return {
    left: { level, keys: keys.slice(0, middle), children: children.slice(0, middle + 1) },
    key,
    right: { level, keys: keys.slice(middle + 1), children: children.slice(middle + 1) },
  };
}

function remove(tree: Tree, key: Uint8Array): Tree {
  if (isLeaf(tree)) {
    const index = countBelow(tree.keys, key);
    if (!holdsAt(tree.keys, index, key)) return tree;
    const cut = { index, removed: 1 };
    return { level: 0, keys: spliced(tree.keys, cut, []), values: spliced(tree.values, cut, []) };
  }
  const index = childIndex(tree, key);
  const child = tree.children[index];
  if (child === undefined) return tree;
  const less = remove(child, key);
  if (less === child) return tree;
  const branch = { ...tree, children: spliced(tree.children, { index, removed: 1 }, [less]) };
  return less.keys.length >= keysMax >>> 2 ? branch : merged(branch, index);
}

/** Joins the thin child at `index` with a neighbour where both fit into one node with room to spare. */
function merged(branch: Branch, index: number): Branch {
  for (const leftIndex of [index, index - 1]) {
    const [left, right] = [branch.children[leftIndex], branch.children[leftIndex + 1]];
    const key = branch.keys[leftIndex];
    if (left === undefined || right === undefined || key === undefined) continue;
    if (left.keys.length + right.keys.length > keysMax >>> 1) continue;
    return {
      level: branch.level,
      keys: spliced(branch.keys, { index: leftIndex, removed: 1 }, []),
      children: spliced(branch.children, { index: leftIndex, removed: 2 }, [joined({ left, key, right })]),
    };
  }
  return branch;
}

function joined({ left, key, right }: Split): Tree {
  if (isLeaf(left) || isLeaf(right)) {
    // Siblings stand on one level: both are leaves.
    const values = [left, right].flatMap((node) => (isLeaf(node) ? node.values : []));
    return { level: 0, keys: [...left.keys, ...right.keys], values };
  }
  return {
    level: left.level,
    keys: [...left.keys, key, ...right.keys],
    children: [...left.children, ...right.children],
  };
}

function spliced<T>(list: readonly T[], cut: { index: number; removed: number }, added: readonly T[]): T[] {
  const copy = list.slice();
  copy.splice(cut.index, cut.removed, ...added);
  return copy;
}
