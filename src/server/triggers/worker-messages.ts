/** What the server and the thread of a function (`function-worker.js`) say to each other. */

export interface Invocation {
  readonly functionName: string;
  readonly arn: string;
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly timeLimitMs: number;
}

/** Lambda's form of what went wrong. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: "loaded" }
  | { readonly kind: "returned"; readonly payload: string }
  | { readonly kind: "failed"; readonly failure: Failure };
