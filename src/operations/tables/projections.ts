/** What an index holds of its items, from the client's words and back. */
import {
  missingNonKeyAttributes,
  repeatedNonKeyAttribute,
  superfluousNonKeyAttributes,
  tooManyNonKeyAttributes,
  unknownProjection,
} from "../../model/messages/indexes.ts";
import type { Projection } from "../../model/types.generated.ts";
import type { IndexDefinition, IndexProjection } from "../../store/table.ts";

/** Of all indexes of a table together; an attribute counts once for each index that names it. */
const nonKeyAttributesMax = 100;

/** The projection that a request describes. Key attributes may be named too, though every index has them anyway. */
export function checkProjection({
  ProjectionType: type,
  NonKeyAttributes: names,
}: Projection): IndexProjection {
  if (type === undefined) throw unknownProjection();
  if (type !== "INCLUDE") {
    if (names !== undefined) throw superfluousNonKeyAttributes(type);
    return { type };
  }
  if (names === undefined) throw missingNonKeyAttributes();
  const sorted = names.toSorted();
  const repeated = sorted.find((name, position) => name === sorted[position + 1]);
  if (repeated !== undefined) throw repeatedNonKeyAttribute(repeated);
  return { type, nonKeyAttributes: sorted };
}

/** Refuses more attributes than the indexes of one table may name. */
export function checkProjectedAttributes(indexes: readonly Pick<IndexDefinition, "projection">[]): void {
  const named = indexes.flatMap(({ projection }) =>
    projection.type === "INCLUDE" ? projection.nonKeyAttributes : [],
  );
  if (named.length > nonKeyAttributesMax) throw tooManyNonKeyAttributes(nonKeyAttributesMax);
}

/** A projection in the client's words again. */
export function projectionDescription(projection: IndexProjection): Projection {
  return projection.type === "INCLUDE"
    ? { ProjectionType: "INCLUDE", NonKeyAttributes: projection.nonKeyAttributes }
    : { ProjectionType: projection.type };
}
