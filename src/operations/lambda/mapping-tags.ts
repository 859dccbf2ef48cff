/** Tags of mappings, and the ARNs by which requests call a mapping that has them. */
import { invalidTags, noSuchMapping, notTaggable } from "../../model/messages/event-source-mappings.ts";
import type { Tags } from "../../model/lambda/types.ts";
import { mappingStateOf, type EventSourceMapping } from "../../store/event-source-mapping.ts";
import type { Scope } from "../../store/table.ts";
import { parseArn } from "../table-arn.ts";
import { checkMappingId } from "./existing-mapping.ts";
import type { LambdaContext } from "./operation.ts";

type TagList = NonNullable<EventSourceMapping["tags"]>;

const tagsMax = 50;
const keyLengthMax = 128;
const valueLengthMax = 256;

/** `before` with `added`, which is checked, in place of or beside it. */
export function withTags(before: TagList, added: Tags): TagList {
  for (const [key, value] of Object.entries(added)) {
    if (key === "" || key.length > keyLengthMax)
      throw invalidTags(`keys have 1 to ${keyLengthMax} characters`);
    if (value.length > valueLengthMax) throw invalidTags(`values have at most ${valueLengthMax} characters`);
    if (key.toLowerCase().startsWith("aws:")) throw invalidTags("keys do not begin with aws:");
  }
  const tags = [...new Map([...before, ...Object.entries(added)])];
  if (tags.length > tagsMax) throw invalidTags(`there can be at most ${tagsMax}`);
  return tags.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Where a mapping is whose tags are meant. */
export interface TaggedMapping {
  readonly id: string;
  readonly owner: Scope;
}

export function checkTaggedArn(arn: string): TaggedMapping {
  const parsed = parseArn(arn);
  const [kind, id = "", ...rest] = (parsed?.resource ?? "").split(":");
  if (parsed?.service !== "lambda" || kind !== "event-source-mapping" || rest.length > 0) {
    throw notTaggable(arn);
  }
  return { id: checkMappingId(id), owner: parsed };
}

/** To the service the mapping of another account or region is one that there is not. */
export function checkOwnMapping({ id, owner }: TaggedMapping, { caller }: LambdaContext): string {
  if (owner.accountId !== caller.accountId || owner.region !== caller.region) throw noSuchMapping();
  return id;
}

/** Replaces the tags of a mapping by what `change` makes of them. */
export async function changeTags(
  mapping: TaggedMapping,
  change: (tags: TagList) => TagList,
  context: LambdaContext,
): Promise<object> {
  const id = checkOwnMapping(mapping, context);
  const changed = await context.store.eventSourceMappings.update(context.caller, id, (before) => {
    if (mappingStateOf(before, context.clock.now()) === "Gone") throw noSuchMapping();
    return { ...before, tags: change(before.tags ?? []) };
  });
  if (changed === undefined) throw noSuchMapping();
  return {};
}
