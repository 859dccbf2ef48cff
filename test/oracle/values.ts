/**
 * Attribute values the naive way: numbers are small enough for doubles, sets are arrays. Imports nothing of the server.
 */
export type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly Value[] }
  | { readonly M: Item };

export interface Item {
  readonly [name: string]: Value;
}

/** A step into a map by name, or into a list by position. The first step is always a name. */
export type Path = readonly (string | number)[];

/** The one text that stands for a value: equal values have equal texts, whatever the order of members. */
export function canonicalText(value: Value): string {
  if ("N" in value) return `N:${canonicalNumber(value.N)}`;
  if ("SS" in value) return `SS:${JSON.stringify(value.SS.toSorted())}`;
  if ("NS" in value) return `NS:${JSON.stringify(value.NS.map(canonicalNumber).toSorted())}`;
  if ("BS" in value) return `BS:${JSON.stringify(value.BS.toSorted())}`;
  if ("L" in value) return `L:[${value.L.map(canonicalText).join()}]`;
  if ("M" in value) return `M:${canonicalItem(value.M)}`;
  return JSON.stringify(value);
}

export function canonicalItem(item: Item): string {
  const members = Object.entries(item).map(
    ([name, value]) => `${JSON.stringify(name)}=${canonicalText(value)}`,
  );
  return `{${members.toSorted().join()}}`;
}

/** The value as the service gives it back: numbers without needless digits. */
export function stored(value: Value): Value {
  if ("N" in value) return { N: canonicalNumber(value.N) };
  if ("NS" in value) return { NS: value.NS.map(canonicalNumber) };
  if ("L" in value) return { L: value.L.map(stored) };
  if ("M" in value) return { M: storedItem(value.M) };
  return value;
}

export function storedItem(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, stored(value)]));
}

export function canonicalNumber(text: string): string {
  return String(Number(text) + 0);
}

export function equal(left: Value, right: Value): boolean {
  return canonicalText(left) === canonicalText(right);
}

/** Below zero, zero or above; undefined for two values that have no order. */
export function order(left: Value, right: Value): number | undefined {
  if ("N" in left && "N" in right) return Number(left.N) - Number(right.N);
  if ("S" in left && "S" in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ("B" in left && "B" in right) return Buffer.compare(bytesOf(left.B), bytesOf(right.B));
  return undefined;
}

export function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

/** The member `name` of `item` itself: `constructor` is an attribute only when somebody stored it. */
export function memberOf(item: Item, name: string): Value | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The value that `path` leads to. */
export function valueAt(item: Item, path: Path): Value | undefined {
  let value: Value | undefined = { M: item };
  for (const step of path) {
    if (value === undefined) return undefined;
    if (typeof step === "string") value = "M" in value ? memberOf(value.M, step) : undefined;
    else value = "L" in value ? value.L[step] : undefined;
  }
  return value;
}

/** The item with nothing but what `paths` lead to: maps keep their shape, lists close up. */
export function selected(item: Item, paths: readonly Path[]): Item {
  const found = paths.filter((path) => valueAt(item, path) !== undefined);
  const names = [...new Set(found.map(([name]) => String(name)))];
  return Object.fromEntries(
    names.map((name) => {
      const rests = found.filter(([first]) => first === name).map((path) => path.slice(1));
      return [name, selectedValue(memberOf(item, name), rests)];
    }),
  );
}

function selectedValue(value: Value | undefined, paths: readonly Path[]): Value {
  if (value === undefined) throw new Error("only paths that lead somewhere are selected");
  if (paths.some((path) => path.length === 0)) return value;
  if ("M" in value) return { M: selected(value.M, paths) };
  if (!("L" in value)) throw new Error("a path leads through a map or a list");
  const { L: elements } = value;
  const positions = [...new Set(paths.map(([position]) => Number(position)))].toSorted((a, b) => a - b);
  return {
    L: positions.map((position) => {
      const rests = paths.filter(([first]) => first === position).map((path) => path.slice(1));
      return selectedValue(elements[position], rests);
    }),
  };
}
