/** What a page returns of its items: `Select` and the parameters it must agree with. */
import {
  nothingSelected,
  projectedAttributesWithoutIndex,
  projectionBesideSelect,
} from "../../model/messages/pages.ts";
import type { QueryInput } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";

type SelectParameters = Pick<QueryInput, "Select" | "IndexName" | "AttributesToGet" | "ProjectionExpression">;

export function checkSelect(input: SelectParameters, wording: Wording): void {
  const { Select: select, AttributesToGet: names, ProjectionExpression: projection } = input;
  if (select === undefined) return;
  if (select === "SPECIFIC_ATTRIBUTES") {
    if (names === undefined && projection === undefined) throw nothingSelected(wording);
    return;
  }
  if (names !== undefined) throw projectionBesideSelect("AttributesToGet", select);
  if (projection !== undefined) throw projectionBesideSelect("ProjectionExpression", select);
  if (select === "ALL_PROJECTED_ATTRIBUTES" && input.IndexName === undefined) {
    throw projectedAttributesWithoutIndex();
  }
}
