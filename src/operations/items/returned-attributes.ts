/** What a write returns of the item it changed: `ReturnValues`. */
import { updatedAttributes, type Update } from "../../expressions/update.ts";
import type { AttributeMap } from "../../model/attribute-value.ts";
import { onlyOldValues } from "../../model/messages/items.ts";
import type { UpdateItemInput } from "../../model/types.generated.ts";
import type { WrittenOutcome } from "../../store/write.ts";

export type ReturnValues = NonNullable<UpdateItemInput["ReturnValues"]>;

/** Puts and deletes can return the old item and nothing else. */
export function checkOnlyOldReturned(returns: ReturnValues | undefined): void {
  if (returns !== undefined && returns !== "ALL_OLD" && returns !== "NONE") throw onlyOldValues();
}

/** What an update returns. */
export function returnedAttributes(
  returns: ReturnValues,
  update: Update | undefined,
  { before, after }: WrittenOutcome,
): AttributeMap | undefined {
  switch (returns) {
    case "NONE":
      return undefined;
    case "ALL_OLD":
      return before;
    case "ALL_NEW":
      return after;
    case "UPDATED_OLD":
      return update && updatedAttributes(update, "old", before?.item, after?.item);
    case "UPDATED_NEW":
      return update && updatedAttributes(update, "new", before?.item, after?.item);
  }
}
