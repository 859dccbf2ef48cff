/** `list` with every element changed; `list` itself, and nothing allocated, where no element changes. */
export function mapChanged<Element>(
  list: readonly Element[],
  change: (element: Element) => Element,
): readonly Element[] {
  let changed: Element[] | undefined;
  for (const [index, element] of list.entries()) {
    const replacement = change(element);
    if (replacement === element) continue;
    changed ??= [...list];
    changed[index] = replacement;
  }
  return changed ?? list;
}
