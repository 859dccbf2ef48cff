import type { Caller } from "../access/caller.ts";
import type { OperationName } from "./operation.ts";

/** One request of a client, whatever protocol it came by. */
export interface Call {
  readonly operation: OperationName;
  /** The request as decoded: nothing of it is checked yet. */
  readonly request: unknown;
  readonly caller: Caller;
  readonly requestId: string;
}

/**
 * Answers one call: with the operation's output (members may be `EncodedItem`s, undefined members are absent), or by
 * rejecting with a `ServiceError` and nothing else. Throttling, the DAX cache and audit wrap it.
 */
export type Dispatch = (call: Call) => Promise<object>;
