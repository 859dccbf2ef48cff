/** What is wrong with Query and Scan. */
import { invalid, invalidRequest, type ServiceError } from "../errors.ts";
import { hashOrder } from "../hash-order.ts";
import type { Wording } from "../wording.ts";

export function noKeyCondition(): ServiceError {
  return invalidRequest(
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
  );
}

export function noSuchIndex(name: string): ServiceError {
  return invalid(`The table does not have the specified index: ${name}`);
}

export function backfillingIndex(name: string): ServiceError {
  return invalid(`Cannot read from backfilling global secondary index: ${name}`);
}

export function globalIndexReadStrongly(): ServiceError {
  return invalid("Consistent reads are not supported on global secondary indexes");
}

export function wholeItemsOfGlobalIndex(name: string): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
  );
}

export function attributesNotProjected(index: string, names: readonly string[]): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Global secondary index ${index} does not project [${listed(names)}]`,
  );
}

/** The same for local and global indexes. */
export function filterNotProjected(index: string, names: readonly string[]): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Secondary index ${index} does not project one or more filter attributes: [${listed(names)}]`,
  );
}

/** The service keeps these names in a hash table of the usual size. */
function listed(names: readonly string[]): string {
  return hashOrder(names, 16).join(", ");
}

export function filterOnKey(parameter: "Filter Expression" | "QueryFilter", name: string): ServiceError {
  return invalid(`${parameter} can only contain non-primary key attributes: Primary key attribute: ${name}`);
}

// Query prefixes this one text although it prefixes no other, so the prefix stands here.
export function nothingSelected(wording: Wording): ServiceError {
  const text =
    "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
  return invalid(wording === "older" ? text : `1 validation error detected: ${text}`);
}

export function projectionBesideSelect(
  parameter: "AttributesToGet" | "ProjectionExpression",
  select: string,
): ServiceError {
  const what = select === "COUNT" ? "only the Count" : select;
  return invalidRequest(`Cannot specify the ${parameter} when choosing to get ${what}`);
}

export function projectedAttributesWithoutIndex(): ServiceError {
  return invalidRequest("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
}

const startKeyInvalid = "The provided starting key is invalid";

/** A start key that is not a primary key of the table. */
export function startKeyMismatch(wording: Wording): ServiceError {
  if (wording !== "older") return startKeyOfOtherShape();
  return invalid(`${startKeyInvalid}: The provided key element does not match the schema`);
}

/** A start key that does not have the attributes of an index's and the table's key. */
export function startKeyOfOtherShape(): ServiceError {
  return invalid(startKeyInvalid);
}

// Numbers and duplicates in sets keep their own words.
const unprefixedFaults: readonly string[] = [
  "The parameter cannot be converted to a numeric value",
  "Number overflow.",
  "Number underflow.",
  "Attempting to store more than 38 significant digits",
];

/** The fault of a value inside a start key, as the service words it. */
export function startKeyFault(fault: ServiceError): ServiceError {
  const text = fault.message;
  if (text.includes("contains duplicates") || unprefixedFaults.some((start) => text.startsWith(start))) {
    return fault;
  }
  return invalidRequest(`${startKeyInvalid}: ${text}`);
}

export function startKeyOfWholeKey(name: string, value: string): ServiceError {
  return invalid(
    `The provided exclusive start key is invalid: ExclusiveStartKey: {${name}=AttributeValue: ${value}}`,
  );
}

export function startKeyOutsideQuery(): ServiceError {
  return invalid("The provided starting key is outside query boundaries based on provided conditions");
}

export function startKeyOutsideSortKeyCondition(): ServiceError {
  return invalid("The provided starting key does not match the range key predicate");
}

export function startKeyOutsideSegment(segment: number, segments: number): ServiceError {
  return invalid(
    `${startKeyInvalid}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ` +
      `TotalSegments: ${segments} Segment: ${segment}`,
  );
}

export function segmentWithoutTotal(): ServiceError {
  return invalidRequest(
    "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
  );
}

export function totalWithoutSegment(): ServiceError {
  return invalidRequest(
    "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
  );
}

export function segmentOutOfRange(segment: number, segments: number, wording: Wording): ServiceError {
  const text = "The Segment parameter is zero-based and must be less than parameter TotalSegments";
  if (wording !== "older") return invalidRequest(text);
  return invalidRequest(`${text}: Segment: ${segment} is not less than TotalSegments: ${segments}`);
}
