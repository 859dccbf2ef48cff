/** What is wrong with a table's billing mode and throughput. */
import { invalid, ServiceError } from "../errors.ts";

const prefix = "One or more parameter values were invalid: ";
const guide =
  "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.";

export type ReadOrWrite = "Read" | "Write";

// Provisioned ------------------------------------------------------------------------------------------------------

export function throughputOutOfBounds(kind: ReadOrWrite, units: number): ServiceError {
  return invalid(`Given value ${units} for ${kind}CapacityUnits is out of bounds`);
}

export function throughputAboveTableMaximum(kind: ReadOrWrite, units: number, region: string): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `The requested ${kind}CapacityUnits, ${units}, is above the per table maximum for the account in ${region}. ` +
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

export function throughputUnchanged({
  ReadCapacityUnits: read,
  WriteCapacityUnits: write,
}: Units): ServiceError {
  return invalid(
    "The provisioned throughput for the table will not change. The requested value equals the current value. " +
      `Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${read}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${write}. ${guide}`,
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

/** The two operations word it differently, down to the full stop. */
export function onDemandLimitOfNewProvisionedTable(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}Max${kind}RequestUnits for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.`,
  );
}

export function onDemandLimitOfProvisionedTable(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}Max${kind}RequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`,
  );
}

export function onDemandLimitOutOfRange(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}Requested Max${kind}RequestUnits for OnDemandThroughput for table is outside of valid range`,
  );
}

export function onDemandLimitAboveTableMaximum(kind: ReadOrWrite, region: string): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `Subscriber limit exceeded: Requested Max${kind}RequestUnits for OnDemandThroughput for table exceeds ` +
      `TableMax${kind}CapacityUnits of the account in region ${region}`,
  );
}

// Warm -------------------------------------------------------------------------------------------------------------

function requestedWarm(kind: ReadOrWrite): string {
  return `Requested ${kind}UnitsPerSecond for WarmThroughput for table`;
}

export function warmThroughputBelowOnDemand(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind)} is lower than initial throughput for OnDemand. ` +
      "See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial",
  );
}

export function warmThroughputBelowProvisioned(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind)} is lower than ${kind}CapacityUnits of ProvisionedThroughput`,
  );
}

export function warmThroughputDecreased(kind: ReadOrWrite): ServiceError {
  return invalid(
    `${prefix}${requestedWarm(kind)} is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  );
}

export function warmThroughputAboveTableMaximum(kind: ReadOrWrite, region: string): ServiceError {
  return new ServiceError(
    "LimitExceededException",
    `Subscriber limit exceeded: ${requestedWarm(kind)} exceeds TableMax${kind}CapacityUnits of the account in region ${region}`,
  );
}
