import { invalidMarker } from "../../model/messages/event-source-mappings.ts";
import { mappingStateOf, type EventSourceMapping } from "../../store/event-source-mapping.ts";
import { streamArn } from "../table-arn.ts";
import { isMappingId } from "./existing-mapping.ts";
import { checkFunctionReference, checkOwnFunction, isSameFunction } from "./function-reference.ts";
import { describeMapping } from "./mapping-description.ts";
import { defineLambdaOperation, type LambdaContext } from "./operation.ts";

/** The service gives no more at once, however many are asked for. */
const mappingsPerPage = 100;

/** Lists mappings: all, those of a stream, those of a function, or those of both. */
export const listEventSourceMappings = defineLambdaOperation({
  name: "ListEventSourceMappings",
  effect: "read",

  prepare: ({ EventSourceArn, FunctionName, Marker, MaxItems = mappingsPerPage }) => ({
    arn: EventSourceArn,
    function: FunctionName === undefined ? undefined : checkFunctionReference(FunctionName),
    after: Marker === undefined ? undefined : checkMarker(Marker),
    mappingsMax: Math.min(MaxItems, mappingsPerPage),
  }),

  async execute({ arn, function: reference, after, mappingsMax }, context) {
    const called = reference === undefined ? undefined : checkOwnFunction(reference, context.caller);
    const accepts = ({ scope, source, settings }: EventSourceMapping) =>
      (arn === undefined || streamArn(scope, source.tableName, source.label) === arn) &&
      (called === undefined || isSameFunction(settings.function, called));
    const found = await acceptedMappings(context, accepts, { after, mappingsMax: mappingsMax + 1 });
    const page = found.slice(0, mappingsMax);
    const last = page.at(-1);
    return {
      EventSourceMappings: await Promise.all(page.map((mapping) => describeMapping(mapping, context))),
      NextMarker: found.length > page.length && last !== undefined ? markerBehind(last.id) : undefined,
    };
  },
});

/** Mappings behind an id that are accepted, at most `mappingsMax`. */
async function acceptedMappings(
  { store, caller, clock }: LambdaContext,
  accepts: (mapping: EventSourceMapping) => boolean,
  { after, mappingsMax }: { readonly after: string | undefined; readonly mappingsMax: number },
): Promise<readonly EventSourceMapping[]> {
  const accepted: EventSourceMapping[] = [];
  let behind = after;
  for (;;) {
    const page = await store.eventSourceMappings.list(caller, {
      after: behind,
      mappingsMax: mappingsPerPage,
    });
    for (const mapping of page.mappings) {
      if (mappingStateOf(mapping, clock.now()) !== "Gone" && accepts(mapping)) accepted.push(mapping);
      if (accepted.length === mappingsMax) return accepted;
    }
    if (!page.more) return accepted;
    behind = page.mappings.at(-1)?.id;
  }
}

function markerBehind(id: string): string {
  return Buffer.from(id).toString("base64url");
}

function checkMarker(marker: string): string {
  const id = Buffer.from(marker, "base64url").toString("latin1");
  if (!isMappingId(id)) throw invalidMarker();
  return id;
}
