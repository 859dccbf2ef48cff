import { noSuchMapping } from "../../model/messages/event-source-mappings.ts";
import type { EventSourceMapping } from "../../store/event-source-mapping.ts";
import { checkMappingId, checkSettled } from "./existing-mapping.ts";
import { describeMapping } from "./mapping-description.ts";
import { defineLambdaOperation, type LambdaContext } from "./operation.ts";

/** Ends the calls of a function with the records of a stream. */
export const deleteEventSourceMapping = defineLambdaOperation({
  name: "DeleteEventSourceMapping",
  effect: "admin",

  prepare: ({ UUID }) => checkMappingId(UUID),

  async execute(id, context) {
    const mapping = await beginDeletion(id, context);
    if (mapping === undefined) throw noSuchMapping();
    return describeMapping(mapping, context, "Deleting");
  },
});

/** Where changes take their time the mapping stays in sight meanwhile; nothing is delivered any more. */
async function beginDeletion(
  id: string,
  { store, caller, clock, settings }: LambdaContext,
): Promise<EventSourceMapping | undefined> {
  const now = clock.now();
  const { eventSourceMappings } = store;
  if (settings.tableDelayMs === 0) {
    return eventSourceMappings.remove(caller, id, (mapping) => {
      checkSettled(mapping, now, "delete");
    });
  }
  const changed = await eventSourceMappings.update(caller, id, (mapping) => {
    checkSettled(mapping, now, "delete");
    return { ...mapping, transition: { state: "Deleting", until: now + settings.tableDelayMs } };
  });
  return changed?.kind === "done" ? changed.mapping : undefined;
}
