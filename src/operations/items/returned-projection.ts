/** Which part of an item a read returns. */
import { project, projectionOf, type Projection } from "../../expressions/projection.ts";
import type { Expressions } from "../../expressions/request.ts";
import type { AttributeMap } from "../../model/attribute-value.ts";
import { duplicateAttributeToGet } from "../../model/messages/items.ts";
import type { StoredItem } from "../../store/stored-item.ts";

/** Refuses a name that is asked for twice. */
export function checkAttributesToGet(names: readonly string[] | undefined): void {
  if (names === undefined) return;
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw duplicateAttributeToGet(name);
    seen.add(name);
  }
}

/** Absent: the whole item. */
export function returnedProjection(
  attributesToGet: readonly string[] | undefined,
  expressions: Expressions,
): Projection | undefined {
  if (expressions.projection !== undefined) return expressions.projection;
  return attributesToGet === undefined ? undefined : projectionOf(attributesToGet);
}

/** The part of `stored` to return. A whole item stays as its bytes: nothing is parsed. */
export function projected(projection: Projection | undefined, stored: StoredItem): AttributeMap {
  return projection === undefined ? stored : project(projection, stored.item);
}
