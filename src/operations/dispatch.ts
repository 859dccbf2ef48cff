/** What happens to every call: once, for all operations, in the order in which the service checks things. */
import type { Clock } from "../base/clock.ts";
import { BusyError, EnvironmentError } from "../base/environment-error.ts";
import { silentLog, type Log } from "../base/log.ts";
import { checkRequest } from "../model/check-request.ts";
import { RequestError, ServiceError } from "../model/errors.ts";
import { enveloped, internalFailure, overload, storageFailure } from "../model/messages/failures.ts";
import type { Store } from "../store/store.ts";
import type { Call, Dispatch } from "./call.ts";
import { withFreshTables } from "./fresh-tables.ts";
import type { Context, Operation } from "./operation.ts";
import { operations } from "./registry.ts";
import type { Settings } from "./settings.ts";

export interface DispatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly log?: Log | undefined;
  /** Told of every failure that is not the client's: a bug or the environment. */
  readonly onFailure: (error: unknown, call: Call) => void;
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const { store, clock, settings, log = silentLog, onFailure } = options;
  return async (call) => {
    const operation = operations[call.operation] as Operation; // The one place that forgets which operation it is.
    try {
      return await run(operation, call.request, { store, caller: call.caller, clock, settings, log });
    } catch (error) {
      if (error instanceof RequestError && operation.wording === "enveloped") throw enveloped(error.message);
      if (error instanceof ServiceError) throw error;
      // Told in no log: there are many of them at once, just when there is much to do.
      if (error instanceof BusyError) throw overload(error);
      onFailure(error, call);
      throw error instanceof EnvironmentError ? storageFailure(error) : internalFailure(error);
    }
  };
}

function run(operation: Operation, request: unknown, context: Context): Promise<object> {
  const input = checkRequest(operation.name, operation.wording, request);
  const command = operation.prepare(input);
  return withFreshTables(
    context,
    () => operation.resources(input),
    () => operation.execute(command, context),
  );
}
