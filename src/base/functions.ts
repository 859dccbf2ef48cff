/** Code of the user's that is called by name: a module on this machine, or something that answers Lambda's Invoke. */

/** The functions that can be called. */
export interface Functions {
  /** Whether there is a function of this name. Where an endpoint is asked for all of them, every name counts. */
  has(name: string): boolean;
  /** Runs a function once. Rejects with a `FunctionUnavailableError` when it could not even be started. */
  invoke(call: FunctionCall): Promise<FunctionAnswer>;
}

export interface FunctionCall {
  readonly name: string;
  /** A version or alias; local modules have but one. */
  readonly qualifier?: string | undefined;
  /** What the function is told it was called by. */
  readonly arn: string;
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
}

export type FunctionAnswer =
  /** `payload` is JSON: what the function returned. */
  | { readonly kind: "returned"; readonly payload: string }
  /** The function threw, ran out of time or died; `payload` is Lambda's JSON of that. */
  | { readonly kind: "failed"; readonly payload: string };

/** There is no such function, or nobody answers where it should be. */
export class FunctionUnavailableError extends Error {
  override readonly name = "FunctionUnavailableError";
}

/** Where a function is, as the one who runs the server says it. */
export type FunctionTarget =
  | { readonly kind: "module"; readonly path: string }
  /** Takes the event as the body of a POST. */
  | { readonly kind: "url"; readonly url: string };
