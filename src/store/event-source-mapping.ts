/** Event source mappings: which function is called with the records of which stream, and how. */
import type { Scope } from "./table.ts";

/** A mapping as it is stored. */
export interface EventSourceMapping {
  /** A UUID, given by the server. */
  readonly id: string;
  readonly scope: Scope;
  /** Grows with every change. What pollers know of a mapping holds while its version does. */
  readonly version: number;
  readonly source: MappedStream;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  readonly settings: MappingSettings;
  /** False: nothing is read, cursors stay where they are. */
  readonly enabled: boolean;
  /** What it shows until its time (milliseconds since the epoch); then `enabled` alone tells its state. */
  readonly transition?: MappingTransition | undefined;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Keys and values, in the order of the keys. */
  readonly tags?: readonly (readonly [key: string, value: string])[] | undefined;
}

/** The stream that a mapping reads, of the mapping's own account and region. */
export interface MappedStream {
  readonly tableName: string;
  readonly label: string;
}

export interface MappingTransition {
  readonly state: "Creating" | "Enabling" | "Disabling" | "Updating" | "Deleting";
  readonly until: number;
}

/** Everything about a mapping that an update can change. */
export interface MappingSettings {
  readonly function: MappedFunction;
  /** 1 to 10,000. */
  readonly recordsMax: number;
  /** How long a batch may wait for more records; 0 to 300. */
  readonly batchingWindowSeconds: number;
  /** How many batches of a shard are under way at once, each with partition keys of its own; 1 to 10. */
  readonly parallelizationFactor: number;
  /** Patterns, as checked JSON texts; a record is delivered when any of them matches, or when there are none. */
  readonly filters: readonly string[];
  /** Undefined: records are tried for as long as the stream keeps them. */
  readonly recordAgeSecondsMax?: number | undefined;
  /** How often a failed batch is repeated; undefined: without end. */
  readonly retriesMax?: number | undefined;
  readonly bisectsBatches: boolean;
  /** 0: there are no windows. */
  readonly tumblingWindowSeconds: number;
  /** Whether the function answers with `batchItemFailures`. */
  readonly reportsItemFailures: boolean;
  /** Where it is told of batches that are given up: an ARN, or an `http:`, `https:` or `file:` URL. */
  readonly onFailure?: string | undefined;
}

export interface MappedFunction {
  readonly name: string;
  /** A version or alias. */
  readonly qualifier?: string | undefined;
}

/** What became of the last batch, as Lambda words it, such as `OK` or `PROBLEM: Function call failed`. */
export type ProcessingResult = string;

/** The mappings there are. */
export interface EventSourceMappings {
  find(scope: Scope, id: string): Promise<EventSourceMapping | undefined>;
  /** Those of one account and region in the order of their ids, behind the id `after`. */
  list(
    scope: Scope,
    options: { readonly after?: string | undefined; readonly mappingsMax: number },
  ): Promise<MappingPage>;
  /** Those of all accounts and regions, for who serves them; in an order of their own. */
  listAll(options: {
    readonly after?: EventSourceMapping | undefined;
    readonly mappingsMax: number;
  }): Promise<MappingPage>;
  /** Adds a mapping, unless there is one of the same stream and function: then it answers that one's id. */
  create(mapping: Omit<EventSourceMapping, "version">): Promise<MappingCreation>;
  /**
   * Replaces a mapping by what `change` makes of it, in one transaction; undefined when there is none. `change` may
   * throw a refusal and may run again. Where another mapping is of the same stream and function already, nothing
   * changes and that one's id is answered.
   */
  update(
    scope: Scope,
    id: string,
    change: (mapping: EventSourceMapping) => EventSourceMapping,
  ): Promise<MappingCreation | undefined>;
  /** Removes a mapping; whoever serves it finds it gone. `check` may throw a refusal. */
  remove(
    scope: Scope,
    id: string,
    check?: (mapping: EventSourceMapping) => void,
  ): Promise<EventSourceMapping | undefined>;
  /** What became of the last batch of a mapping. It is no part of the mapping and does not change its version. */
  result(mapping: EventSourceMapping): Promise<ProcessingResult | undefined>;
  /** Sets that; to be called when it differs from before. */
  setResult(mapping: EventSourceMapping, result: ProcessingResult): Promise<void>;
  /**
   * Calls `listener` whenever this server has changed the mappings; answers how to end that. It is a hint that saves
   * waiting: what other servers change is found by listing again after a while.
   */
  follow(listener: () => void): () => void;
}

export interface MappingPage {
  readonly mappings: readonly EventSourceMapping[];
  readonly more: boolean;
}

export type MappingCreation =
  | { readonly kind: "done"; readonly mapping: EventSourceMapping }
  | { readonly kind: "taken"; readonly id: string };

/** What a mapping shows as its state. `Gone`: its deletion has run its time. */
export type MappingState = MappingTransition["state"] | "Enabled" | "Disabled" | "Gone";

export function mappingStateOf({ transition, enabled }: EventSourceMapping, now: number): MappingState {
  if (transition !== undefined && now < transition.until) return transition.state;
  if (transition?.state === "Deleting") return "Gone";
  return enabled ? "Enabled" : "Disabled";
}

/** Whether records are delivered now: not while a mapping is still coming, and no more when it is to go. */
export function isDelivering(mapping: EventSourceMapping, now: number): boolean {
  const state = mappingStateOf(mapping, now);
  return mapping.enabled && (state === "Enabled" || state === "Updating");
}
