/** An answer's map by table name. It has no prototype, because a table may be called `__proto__`. */
export function byTable<Value>(entries: ReadonlyMap<string, Value>): { readonly [name: string]: Value } {
  const map = Object.create(null) as Record<string, Value>;
  for (const [name, value] of entries) map[name] = value;
  return map;
}
