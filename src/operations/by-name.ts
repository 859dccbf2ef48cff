/** An answer's map by name of a table or index. It has no prototype, because one may be called `__proto__`. */
export function byName<Value>(entries: ReadonlyMap<string, Value>): { readonly [name: string]: Value } {
  const map = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) map[name] = value;
  return map;
}
