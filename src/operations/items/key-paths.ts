/** Key attributes are scalars, so that no expression may have a path into one. */
import { projectedInPart, type Projection } from "../../expressions/projection.ts";
import { pathIntoIndexKey } from "../../model/messages/index-keys.ts";
import { pathIntoKey } from "../../model/messages/keys.ts";
import { indexKeyAttributes, tableKeyAttributes } from "../../store/key-attributes.ts";
import type { TableDefinition } from "../../store/table.ts";

/** `names` are the attributes that an expression has paths into. */
export function checkNoPathIntoKeys({ keySchema, indexes }: TableDefinition, names: readonly string[]): void {
  if (names.length === 0) return;
  for (const { name } of tableKeyAttributes(keySchema)) if (names.includes(name)) throw pathIntoKey(name);
  for (const index of indexes) {
    for (const { name } of indexKeyAttributes(index)) if (names.includes(name)) throw pathIntoIndexKey(name);
  }
}

/** Refuses a projection on parts of key attributes. */
export function checkProjectedKeys(definition: TableDefinition, projection: Projection | undefined): void {
  if (projection !== undefined) checkNoPathIntoKeys(definition, projectedInPart(projection));
}
