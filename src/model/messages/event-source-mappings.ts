/** What Lambda says of event source mappings. */

import { ServiceError, type ErrorName } from "../errors.ts";
import { constraintsFailed, echoedValue, finding, matchesPattern } from "./constraints.ts";

const functionPattern =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?" +
  "(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const sourcePattern =
  "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)";

export function malformedFunctionName(name: string): ServiceError {
  return constraintsFailed([finding(echoedValue(name, "functionName"), matchesPattern(functionPattern))]);
}

export function malformedSourceArn(arn: string): ServiceError {
  return constraintsFailed([finding(echoedValue(arn, "eventSourceArn"), matchesPattern(sourcePattern))]);
}

export function foreignFunctionRegion(region: string, here: string): ServiceError {
  return refusal(
    "ResourceNotFoundException",
    `Functions from '${region}' are not reachable in this region ('${here}')`,
  );
}

export function noSuchFunction(): ServiceError {
  return invalidParameter("Function does not exist");
}

/** No source is named, or something that is not the stream of a table. */
export function unrecognizedSource(): ServiceError {
  return invalidParameter("Unrecognized event source.");
}

export function sourceNotFound(arn: string): ServiceError {
  return invalidParameter(`Stream not found: ${arn}`);
}

/** Lambda puts this one text of the older kind into an error of its own. */
export function noStartingPosition(): ServiceError {
  return invalidParameter(
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: " +
      "Member must not be null.",
  );
}

export function unsupportedStartingPosition(arn: string): ServiceError {
  return invalidParameter(`Unsupported starting position for arn type: ${arn}`);
}

export function timestampWithoutPosition(): ServiceError {
  return invalidParameter("Timestamp only valid with StartingPosition AT_TIMESTAMP");
}

export function unsupportedParameter(member: string): ServiceError {
  return invalidParameter(`Unsupported ${member} parameter for given event source mapping type.`);
}

export function invalidFilterPattern(): ServiceError {
  return invalidParameter("Invalid filter pattern definition.");
}

export function tooManyFilters(most: number): ServiceError {
  return invalidParameter(`Filter criteria can have at most ${most} filters.`);
}

/** 0 to 59 seconds, which the model lets pass. */
export function recordAgeTooShort(): ServiceError {
  return invalidParameter("MaximumRecordAgeInSeconds must be -1 or between 60 and 604800.");
}

export function invalidDestination(destination: string): ServiceError {
  return invalidParameter(
    "The provided destination config DestinationConfig(onSuccess=null, " +
      `onFailure=OnFailure(destination=${destination})) is invalid.`,
  );
}

export function mappingTaken({ arn, name, id }: { arn: string; name: string; id: string }): ServiceError {
  return refusal(
    "ResourceConflictException",
    `The event source arn (" ${arn} ") and function (" ${name} ") provided mapping already exists. ` +
      `Please update or delete the existing mapping with UUID ${id}`,
  );
}

export function noSuchMapping(): ServiceError {
  return refusal("ResourceNotFoundException", "The resource you requested does not exist.");
}

/** It is still in a transition. */
export function mappingInUse(action: "update" | "delete"): ServiceError {
  return refusal("ResourceInUseException", `Cannot ${action} the event source mapping because it is in use.`);
}

/** A key or value too long, a key of Amazon's own, or too many tags. */
export function invalidTags(rule: string): ServiceError {
  return invalidParameter(`Invalid tags: ${rule}.`);
}

/** Only mappings have tags here. */
export function notTaggable(arn: string): ServiceError {
  return invalidParameter(`Invalid resource ARN: ${arn}`);
}

export function invalidMarker(): ServiceError {
  return invalidParameter("Invalid Marker.");
}

export function invalidParameter(message: string): ServiceError {
  return refusal("InvalidParameterValueException", message);
}

/** Lambda's errors say whose fault they are. */
function refusal(name: ErrorName, message: string): ServiceError {
  return new ServiceError(name, message, { Type: "User" });
}
