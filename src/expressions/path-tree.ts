import type { Path, Step } from "./ast.ts";

/**
 * Paths of which none lies within another, as one tree along their steps: whoever follows it touches each map and list
 * once. A leaf knows which of the paths it ends. List indexes are in ascending order.
 */
export type PathTree = Branch | { readonly kind: "leaf"; readonly index: number };

export type Branch = MapBranch | ListBranch;

export interface MapBranch {
  readonly kind: "map";
  readonly members: ReadonlyMap<string, PathTree>;
}

export interface ListBranch {
  readonly kind: "list";
  readonly elements: ReadonlyMap<number, PathTree>;
}

/** Two of the paths that cannot stand beside each other. */
export interface Clash {
  readonly kind: "overlap" | "conflict";
  readonly one: Path;
  readonly two: Path;
}

/** The tree of `paths`; undefined if two of them clash. */
export function pathTree(paths: readonly Path[]): MapBranch | undefined {
  const root = sprout();
  for (const [index, path] of paths.entries()) {
    const end = grow(root, path);
    if (end === undefined || end.children.size > 0 || end.leaf !== undefined) return undefined;
    end.leaf = index;
  }
  return { kind: "map", members: membersOf(root) };
}

/** A tree under construction. */
interface Growth {
  readonly children: Map<Step, Growth>;
  leaf: number | undefined;
}

function sprout(): Growth {
  return { children: new Map(), leaf: undefined };
}

/** Where `path` ends in the tree, which grows as needed; undefined where another path is in its way. */
function grow(root: Growth, path: Path): Growth | undefined {
  let at = root;
  for (const step of path) {
    if (at.leaf !== undefined || (at.children.size > 0 && isList(at) !== (typeof step === "number"))) {
      return undefined;
    }
    let child = at.children.get(step);
    if (child === undefined) {
      child = sprout();
      at.children.set(step, child);
    }
    at = child;
  }
  return at;
}

function grown(growth: Growth): PathTree {
  if (growth.leaf !== undefined) return { kind: "leaf", index: growth.leaf };
  if (!isList(growth)) return { kind: "map", members: membersOf(growth) };
  const elements: [number, PathTree][] = [];
  for (const [step, child] of growth.children) elements.push([Number(step), grown(child)]);
  elements.sort(([left], [right]) => left - right);
  return { kind: "list", elements: new Map(elements) };
}

function membersOf({ children }: Growth): Map<string, PathTree> {
  const members = new Map<string, PathTree>();
  for (const [step, child] of children) members.set(String(step), grown(child));
  return members;
}

function isList({ children }: Growth): boolean {
  for (const step of children.keys()) return typeof step === "number";
  return false;
}

/** The first overlap among paths that have no tree, else their first conflict. */
export function clashOf(paths: readonly Path[]): Clash | undefined {
  let conflict: Clash | undefined;
  for (const [index, two] of paths.entries()) {
    for (const one of paths.slice(0, index)) {
      const kind = clashKind(one, two);
      if (kind === "overlap") return { kind, one, two };
      if (kind === "conflict") conflict ??= { kind, one, two };
    }
  }
  return conflict;
}

function clashKind(one: Path, two: Path): Clash["kind"] | undefined {
  const length = Math.min(one.length, two.length);
  for (let index = 0; index < length; index++) {
    if (typeof one[index] !== typeof two[index]) return "conflict";
    if (one[index] !== two[index]) return undefined;
  }
  return "overlap";
}
