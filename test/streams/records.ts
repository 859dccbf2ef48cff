import type { AttributeValue as ItemValue } from "@aws-sdk/client-dynamodb";
import type { _Record, AttributeValue } from "@aws-sdk/client-dynamodb-streams";
import type { ToldChange } from "./journal.ts";

/** The change that a record tells of, of an item with an id and a token. */
export function changeIn({ dynamodb }: _Record): ToldChange {
  const { Keys: keys, OldImage: before, NewImage: after } = dynamodb ?? {};
  return { id: keys?.["id"]?.S ?? "", before: tokenIn(before), after: tokenIn(after) };
}

/** The token of an item, or of an image of it. */
export function tokenIn(item: Record<string, AttributeValue | ItemValue> | undefined): string | undefined {
  return item?.["token"]?.S;
}

/** Records that share what only one record has. */
export function repeated(records: readonly _Record[]): string[] {
  const seen = new Set<string>();
  return records.flatMap(({ eventID = "" }) =>
    seen.size === seen.add(eventID).size ? [`record ${eventID} came twice`] : [],
  );
}
