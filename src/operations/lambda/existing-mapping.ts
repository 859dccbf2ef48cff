/** Requests call a mapping by its id: from that to the mapping. */
import { mappingInUse, noSuchMapping } from "../../model/messages/event-source-mappings.ts";
import { mappingStateOf, type EventSourceMapping } from "../../store/event-source-mapping.ts";
import type { LambdaContext } from "./operation.ts";

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isMappingId(text: string): boolean {
  return idPattern.test(text);
}

/** Refuses what cannot be the id of a mapping: to the service that is a mapping that there is not. */
export function checkMappingId(text: string): string {
  if (!isMappingId(text)) throw noSuchMapping();
  return text;
}

/** The mapping as it is now. One whose deletion has run its time is removed on the way. */
export async function findMapping(
  id: string,
  { store, caller, clock }: LambdaContext,
): Promise<EventSourceMapping | undefined> {
  const mapping = await store.eventSourceMappings.find(caller, id);
  if (mapping === undefined || mappingStateOf(mapping, clock.now()) !== "Gone") return mapping;
  await store.eventSourceMappings.remove(caller, id);
  return undefined;
}

export async function existingMapping(id: string, context: LambdaContext): Promise<EventSourceMapping> {
  const mapping = await findMapping(id, context);
  if (mapping === undefined) throw noSuchMapping();
  return mapping;
}

/** Refuses to change a mapping while an earlier change is under way. */
export function checkSettled(mapping: EventSourceMapping, now: number, action: "update" | "delete"): void {
  const state = mappingStateOf(mapping, now);
  if (state === "Gone") throw noSuchMapping();
  if (state !== "Enabled" && state !== "Disabled") throw mappingInUse(action);
}
