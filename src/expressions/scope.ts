import { assert } from "../base/assert.ts";
import { attributeOf } from "../model/attribute-value.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import type { Parsed, Path } from "./ast.ts";

/** What the slots of one tree mean in one request: undefined where the request does not define the placeholder. */
export interface Scope {
  readonly paths: readonly (Path | undefined)[];
  readonly values: readonly (AttributeValue | undefined)[];
}

/** What a request says its placeholders stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

export function scopeOf(parsed: Parsed<unknown>, { names, values }: Placeholders): Scope {
  return {
    paths: parsed.names.length === 0 ? parsed.paths : parsed.paths.map((path) => resolved(path, names)),
    values: parsed.values.map((name) => attributeOf(values, name)),
  };
}

function resolved(path: Path, names: Placeholders["names"]): Path | undefined {
  if (!path.some(isPlaceholder)) return path;
  const steps = [];
  for (const step of path) {
    const meant = isPlaceholder(step) ? nameOf(names, step) : step;
    if (meant === undefined) return undefined;
    steps.push(meant);
  }
  return steps;
}

/** No name can be written with a #, so that a step of a text with one is a placeholder. */
export function isPlaceholder(step: string | number): step is string {
  return typeof step === "string" && step.startsWith("#");
}

/** What `placeholder` stands for; undefined if the request does not say. */
export function nameOf(names: Placeholders["names"], placeholder: string): string | undefined {
  return Object.hasOwn(names, placeholder) ? names[placeholder] : undefined;
}

export function pathAt(scope: Scope, slot: number): Path {
  const path = scope.paths[slot];
  assert(path !== undefined, "a checked tree has all its paths");
  return path;
}

export function valueAt(scope: Scope, slot: number): AttributeValue {
  const value = scope.values[slot];
  assert(value !== undefined, "a checked tree has all its values");
  return value;
}

/** The value that `path` leads to in `item`, if any. */
export function valueIn(item: Item, path: Path): AttributeValue | undefined {
  let value = attributeOf(item, headOf(path));
  for (let index = 1; index < path.length && value !== undefined; index++) {
    const step = path[index];
    if (typeof step === "number") value = value.L?.[step];
    else value = value.M === undefined || step === undefined ? undefined : attributeOf(value.M, step);
  }
  return value;
}

/** The attributes that a checked tree looks into, beyond the whole of them. */
export function attributesEntered({ paths }: Scope): readonly string[] {
  const names: string[] = [];
  for (const path of paths) if (path !== undefined && path.length > 1) names.push(headOf(path));
  return names;
}

/** The attribute that a path leads into. */
export function headOf(path: Path): string {
  const head = path[0];
  assert(typeof head === "string", "a path starts with a name");
  return head;
}
