/** The settings of a mapping, from what a request says of them. */
import { parseEventPattern } from "../../expressions/event-patterns/parse-event-pattern.ts";
import {
  invalidDestination,
  invalidFilterPattern,
  recordAgeTooShort,
  tooManyFilters,
  unsupportedParameter,
} from "../../model/messages/event-source-mappings.ts";
import type { DestinationConfig, FilterCriteria, MappingSettingsInput } from "../../model/lambda/types.ts";
import type { MappingSettings } from "../../store/event-source-mapping.ts";
import type { Settings } from "../settings.ts";
import { parseArn } from "../table-arn.ts";

/** What a request may leave out: the function alone has no default. */
export type SettingsChange = Partial<Omit<MappingSettings, "function">>;

const defaults: Required<Omit<MappingSettings, "function">> = {
  recordsMax: 100,
  batchingWindowSeconds: 0,
  parallelizationFactor: 1,
  filters: [],
  recordAgeSecondsMax: undefined,
  retriesMax: undefined,
  bisectsBatches: false,
  tumblingWindowSeconds: 0,
  reportsItemFailures: false,
  onFailure: undefined,
};

/** The service's quota, where it was raised. */
const filtersMax = 10;
const recordAgeSecondsMin = 60;

export function newSettings(change: SettingsChange, called: MappingSettings["function"]): MappingSettings {
  return { ...defaults, ...change, function: called };
}

/** The settings that a request names, checked. */
export function checkSettings(input: MappingSettingsInput): SettingsChange {
  const { MaximumRecordAgeInSeconds: age, MaximumRetryAttempts: retries } = input;
  const { MaximumBatchingWindowInSeconds: window, TumblingWindowInSeconds: tumbling } = input;
  const { ParallelizationFactor: factor, BisectBatchOnFunctionError: bisects } = input;
  if (age !== undefined && age >= 0 && age < recordAgeSecondsMin) throw recordAgeTooShort();
  return {
    ...(input.BatchSize !== undefined && { recordsMax: input.BatchSize }),
    ...(window !== undefined && { batchingWindowSeconds: window }),
    ...(factor !== undefined && { parallelizationFactor: factor }),
    ...(bisects !== undefined && { bisectsBatches: bisects }),
    ...(tumbling !== undefined && { tumblingWindowSeconds: tumbling }),
    ...(age !== undefined && { recordAgeSecondsMax: age < 0 ? undefined : age }),
    ...(retries !== undefined && { retriesMax: retries < 0 ? undefined : retries }),
    ...(input.FunctionResponseTypes !== undefined && {
      reportsItemFailures: input.FunctionResponseTypes.length > 0,
    }),
    ...(input.FilterCriteria !== undefined && { filters: checkFilters(input.FilterCriteria) }),
    ...(input.DestinationConfig !== undefined && { onFailure: checkDestination(input.DestinationConfig) }),
  };
}

function checkFilters({ Filters: filters = [] }: FilterCriteria): readonly string[] {
  if (filters.length > filtersMax) throw tooManyFilters(filtersMax);
  return filters.map(({ Pattern: pattern }) => {
    if (pattern === undefined || parseEventPattern(pattern) === undefined) throw invalidFilterPattern();
    return pattern;
  });
}

/** An empty text takes the destination away. */
function checkDestination({ OnSuccess, OnFailure }: DestinationConfig): string | undefined {
  if (OnSuccess?.Destination !== undefined) throw unsupportedParameter("DestinationConfig");
  const destination = OnFailure?.Destination ?? "";
  if (destination === "") return undefined;
  if (!isDestination(destination)) throw invalidDestination(destination);
  return destination;
}

/**
 * Refuses a file outside of the folder for such files, or any where there is none: whoever may call the server could
 * have it write anywhere.
 */
export function checkDestinationFile({ onFailure }: SettingsChange, { failureFolder }: Settings): void {
  if (onFailure?.startsWith("file:") !== true) return;
  // A parsed URL has no way up any more.
  const { href } = new URL(onFailure);
  if (failureFolder === undefined || !href.startsWith(`${failureFolder}/`))
    throw invalidDestination(onFailure);
}

/** Files are on this machine, and no name of one holds a slash or a NUL in disguise. */
const destinationUrl = /^(?:https?:\/\/|file:\/\/\/(?!.*%(?:2f|2F|00)))./;

/** Beside the service's queues and topics: an HTTP endpoint and a file, by their URLs. */
function isDestination(text: string): boolean {
  const arn = parseArn(text);
  if (arn !== undefined) return (arn.service === "sqs" || arn.service === "sns") && arn.resource !== "";
  return destinationUrl.test(text) && URL.canParse(text);
}
