/** Lambda's operations that there are here, by their wire names: the one list of them. */
import type { LambdaOperationName } from "../../model/lambda/types.ts";
import { createEventSourceMapping } from "./create-event-source-mapping.ts";
import { deleteEventSourceMapping } from "./delete-event-source-mapping.ts";
import { getEventSourceMapping } from "./get-event-source-mapping.ts";
import { invoke } from "./invoke.ts";
import { listEventSourceMappings } from "./list-event-source-mappings.ts";
import { listTags } from "./list-tags.ts";
import type { LambdaOperation } from "./operation.ts";
import { tagResource } from "./tag-resource.ts";
import { untagResource } from "./untag-resource.ts";
import { updateEventSourceMapping } from "./update-event-source-mapping.ts";

export const lambdaOperations: { readonly [Name in LambdaOperationName]: LambdaOperation<Name> } = {
  CreateEventSourceMapping: createEventSourceMapping,
  DeleteEventSourceMapping: deleteEventSourceMapping,
  GetEventSourceMapping: getEventSourceMapping,
  Invoke: invoke,
  ListEventSourceMappings: listEventSourceMappings,
  ListTags: listTags,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateEventSourceMapping: updateEventSourceMapping,
};
