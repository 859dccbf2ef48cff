import { checkOf } from "../check/constraints.ts";
import { isObject, objectOf, type JsonObject } from "../check/json.ts";
import { requestReader } from "../check/structure.ts";
import { constraintsFailed } from "../messages/constraints.ts";
import { unsupportedParameter } from "../messages/event-source-mappings.ts";
import type { LambdaOperationName, LambdaOperations } from "./types.ts";

const inputShapes: Readonly<Record<LambdaOperationName, string>> = {
  CreateEventSourceMapping: "LambdaCreateMapping",
  DeleteEventSourceMapping: "LambdaMappingReference",
  GetEventSourceMapping: "LambdaMappingReference",
  Invoke: "LambdaInvoke",
  ListEventSourceMappings: "LambdaListMappings",
  ListTags: "LambdaListTags",
  TagResource: "LambdaTagResource",
  UntagResource: "LambdaUntagResource",
  UpdateEventSourceMapping: "LambdaUpdateMapping",
};

/**
 * What mappings of queues, brokers and other streams are told, which means nothing to the stream of a table, and a key
 * to encrypt filters with, which nobody here does.
 */
const foreignMembers = [
  ...[
    "AmazonManagedKafkaEventSourceConfig",
    "DocumentDBEventSourceConfig",
    "KMSKeyArn",
    "ProvisionedPollerConfig",
  ],
  ...["Queues", "ScalingConfig", "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig"],
  ...["SourceAccessConfigurations", "Topics"],
];

/** Gives back the request of one of Lambda's operations with every member of its type, or throws Lambda's refusal. */
export function checkLambdaRequest<Name extends LambdaOperationName>(
  operation: Name,
  request: unknown,
): LambdaOperations[Name]["input"] {
  const shape = inputShapes[operation];
  const input = objectOf(requestReader(shape)(request, { level: 0, deepest: 0 }));
  const report = { newer: false, path: [], findings: [] };
  checkOf(shape)?.(input, report);
  if (report.findings.length > 0) throw constraintsFailed(report.findings);
  checkForeignMembers(request);
  return input;
}

function checkForeignMembers(request: unknown): void {
  const members: JsonObject = isObject(request) ? request : {};
  for (const name of foreignMembers) {
    if (Object.hasOwn(members, name) && members[name] !== null) throw unsupportedParameter(name);
  }
}
