/** What happens to every call of one of Lambda's operations. */
import type { Caller } from "../../access/caller.ts";
import type { Clock } from "../../base/clock.ts";
import { BusyError } from "../../base/environment-error.ts";
import type { Functions } from "../../base/functions.ts";
import { ServiceError } from "../../model/errors.ts";
import { checkLambdaRequest } from "../../model/lambda/check-lambda-request.ts";
import type { LambdaOperationName, LambdaOperations } from "../../model/lambda/types.ts";
import { lambdaFailure, lambdaOverload } from "../../model/messages/functions.ts";
import type { Store } from "../../store/store.ts";
import type { Settings } from "../settings.ts";
import { lambdaOperations } from "./lambda-registry.ts";
import type { LambdaContext } from "./operation.ts";

export interface LambdaDispatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly functions: Functions;
  /** Told of every failure that is not the client's. */
  readonly onFailure: (error: unknown, call: LambdaCall) => void;
}

export interface LambdaCall {
  readonly operation: LambdaOperationName;
  /** The request's members as decoded: nothing of them is checked yet. */
  readonly request: unknown;
  /** What a function is to be called with. */
  readonly payload: Uint8Array;
  readonly caller: Caller;
  readonly requestId: string;
}

/** Answers one call with the operation's output, or rejects with a `ServiceError` and nothing else. */
export type LambdaDispatch = (call: LambdaCall) => Promise<LambdaOutput>;

export type LambdaOutput = LambdaOperations[LambdaOperationName]["output"];

export function createLambdaDispatch({ onFailure, ...parts }: LambdaDispatchOptions): LambdaDispatch {
  return async (call) => {
    const { operation, caller, requestId, payload } = call;
    try {
      return await run(operation, call.request, { ...parts, caller, requestId, payload });
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      if (error instanceof BusyError) throw lambdaOverload(error);
      onFailure(error, call);
      throw lambdaFailure(error);
    }
  };
}

async function run<Name extends LambdaOperationName>(
  name: Name,
  request: unknown,
  context: LambdaContext,
): Promise<LambdaOperations[Name]["output"]> {
  const operation = lambdaOperations[name];
  return operation.execute(operation.prepare(checkLambdaRequest(name, request)), context);
}
