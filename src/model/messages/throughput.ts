/** What is wrong with the billing mode and throughput of a table or, where one is named, of its index. */
import { invalid, ServiceError } from "../errors.ts";

const prefix = "One or more parameter values were invalid: ";
const guide =
  "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.";

export type ReadOrWrite = "Read" | "Write";

// Provisioned ------------------------------------------------------------------------------------------------------

export function throughputOutOfBounds(kind: ReadOrWrite, units: number, index?: string): ServiceError {
  const ofIndex = index === undefined ? "" : ` for index ${index}`;
  return invalid(`Given value ${units} for ${kind}CapacityUnits is out of bounds${ofIndex}`);
}

/** So many units are too many, even for an account with the highest quotas. */
export interface Excess {
  readonly kind: ReadOrWrite;
  readonly units: number;
  readonly region: string;
}

export function throughputAboveMaximum({ kind, units, region }: Excess, index?: string): ServiceError {
  const [ofIndex, per] = index === undefined ? ["", "table"] : [` for index ${index}`, "index"];
  return new ServiceError(
    "LimitExceededException",
    `The requested ${kind}CapacityUnits${ofIndex}, ${units}, is above the per ${per} maximum for the account in ${region}. ` +
      `Per table maximum: 40000. ${guide}`,
  );
}

export function throughputOnDemand(): ServiceError {
  return invalid(
    `${prefix}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
  );
}

/** UpdateTable says this when the request itself names the mode, and the text above when the table has it. */
export function throughputWithOnDemandMode(): ServiceError {
  return invalid(`${prefix}ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST`);
}

export function newTableNeedsThroughput(): ServiceError {
  return invalid(
    `${prefix}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
  );
}

export function provisionedModeNeedsThroughput(): ServiceError {
  return invalid(`${prefix}ProvisionedThroughput must be specified when BillingMode is PROVISIONED`);
}

interface Units {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export function throughputUnchanged(
  { ReadCapacityUnits: read, WriteCapacityUnits: write }: Units,
  index?: string,
): ServiceError {
  const [subject, owner] =
    index === undefined ? ["the table", "the table"] : [`the index ${index}`, `index ${index}`];
  return invalid(
    `The provisioned throughput for ${subject} will not change. The requested value equals the current value. ` +
      `Current ReadCapacityUnits provisioned for ${owner}: ${read}. Requested ReadCapacityUnits: ${read}. ` +
      `Current WriteCapacityUnits provisioned for ${owner}: ${write}. Requested WriteCapacityUnits: ${write}. ${guide}`,
  );
}

export interface DecreaseLimit {
  readonly decreasesToday: number;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
  readonly nextAt: number;
}

export function tooManyDecreases({ decreasesToday, lastAt, nextAt }: DecreaseLimit): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. " +
      "After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. " +
      `Number of decreases today: ${decreasesToday}. Last decrease at ${longDate(lastAt)}. ` +
      `Next decrease can be made at ${longDate(nextAt)}`,
  );
}

/** As in "Thursday, October 8, 2026 at 11:20:48 PM Coordinated Universal Time". */
function longDate(at: number): string {
  const format = new Intl.DateTimeFormat("en-US", { dateStyle: "full", timeStyle: "full", timeZone: "UTC" });
  return format.format(at).replaceAll("\u202f", " "); // Newer locale data puts a narrow blank before PM.
}

/** The service documents the limit, but its words are not known. */
export function switchedOnDemandTooOften(): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    "Subscriber limit exceeded: Updates of BillingMode to PAY_PER_REQUEST are limited to 4 times in 24 hour(s).",
  );
}

// On demand --------------------------------------------------------------------------------------------------------

/** The two operations word it differently, down to the blank and the full stop. */
export function onDemandLimitOfNewProvisionedTable(kind: ReadOrWrite, index?: string): ServiceError {
  const ofIndex = index === undefined ? "" : ` for index: ${index}`;
  return invalid(
    `${prefix}Max${kind}RequestUnits for OnDemandThroughput${ofIndex} cannot be specified when table BillingMode is PROVISIONED.`,
  );
}

export function onDemandLimitOfProvisionedTable(kind: ReadOrWrite, index?: string): ServiceError {
  const ofIndex = index === undefined ? "" : ` for index : ${index}`;
  return invalid(
    `${prefix}Max${kind}RequestUnits for OnDemandThroughput${ofIndex} cannot be specified when the table BillingMode is PROVISIONED`,
  );
}

function requestedLimit(kind: ReadOrWrite, index: string | undefined): string {
  const subject = index === undefined ? "table" : `index : ${index}`;
  return `Requested Max${kind}RequestUnits for OnDemandThroughput for ${subject}`;
}

export function onDemandLimitOutOfRange(kind: ReadOrWrite, index?: string): ServiceError {
  return invalid(`${prefix}${requestedLimit(kind, index)} is outside of valid range`);
}

export function onDemandLimitWhileModeUpdated(): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    "Attempt to change a resource which is still in use: " +
      "OnDemandThroughput cannot be updated while BillingMode update is in progress",
  );
}

export function onDemandLimitAboveMaximum(kind: ReadOrWrite, region: string, index?: string): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `Subscriber limit exceeded: ${requestedLimit(kind, index)} exceeds ` +
      `TableMax${kind}CapacityUnits of the account in region ${region}`,
  );
}

// Warm -------------------------------------------------------------------------------------------------------------

function requestedWarm(kind: ReadOrWrite, index: string | undefined): string {
  const subject = index === undefined ? "table" : `index ${index}`;
  return `Requested ${kind}UnitsPerSecond for WarmThroughput for ${subject}`;
}

export function warmThroughputBelowOnDemand(kind: ReadOrWrite, index?: string): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind, index)} is lower than initial throughput for OnDemand. ` +
      "See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial",
  );
}

export function warmThroughputBelowProvisioned(kind: ReadOrWrite, index?: string): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind, index)} is lower than ${kind}CapacityUnits of ProvisionedThroughput`,
  );
}

export function warmThroughputDecreased(kind: ReadOrWrite, index?: string): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind, index)} is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  );
}

export function warmThroughputAboveMaximum(kind: ReadOrWrite, region: string, index?: string): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `Subscriber limit exceeded: ${requestedWarm(kind, index)} exceeds TableMax${kind}CapacityUnits of the account in region ${region}`,
  );
}
