/** What happens to every call: once, for all operations, in the order in which the service checks things. */
import type { Clock } from "../base/clock.ts";
import { EnvironmentError } from "../base/environment-error.ts";
import { checkRequest } from "../model/check-request.ts";
import { RequestError, ServiceError } from "../model/errors.ts";
import { enveloped, internalFailure, storageFailure } from "../model/messages/failures.ts";
import type { Store } from "../store/store.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import type { Call, Dispatch } from "./call.ts";
import type { Context, Operation } from "./operation.ts";
import { operations } from "./registry.ts";
import type { Settings } from "./settings.ts";
import { tableNameOf } from "./table-reference.ts";

export interface DispatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Told of every failure that is not the client's: a bug or the environment. */
  readonly onFailure: (error: unknown, call: Call) => void;
}

/** A table may change under a call this often before the call gives up. */
const attemptsMax = 5;

export function createDispatch({ store, clock, settings, onFailure }: DispatchOptions): Dispatch {
  return async (call) => {
    const operation = operations[call.operation] as Operation; // The one place that forgets which operation it is.
    try {
      return await run(operation, call.request, { store, caller: call.caller, clock, settings });
    } catch (error) {
      if (error instanceof RequestError && operation.wording === "enveloped") throw enveloped(error.message);
      if (error instanceof ServiceError) throw error;
      onFailure(error, call);
      throw error instanceof EnvironmentError ? storageFailure(error) : internalFailure(error);
    }
  };
}

async function run(operation: Operation, request: unknown, context: Context): Promise<object> {
  const input = checkRequest(operation.name, operation.wording, request);
  const command = operation.prepare(input);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation.execute(command, context);
    } catch (error) {
      if (attempt === attemptsMax || !mayBeStale(error)) throw error;
      if (!(await refreshTables(operation.resources(input), context)) && !(error instanceof StaleTableError))
        throw error;
    }
  }
}

/** A refusal may come from a table as it was before another server changed it. Failed conditions have met the data. */
function mayBeStale(error: unknown): boolean {
  if (error instanceof StaleTableError) return true;
  return error instanceof ServiceError && error.name !== "ConditionalCheckFailedException";
}

/** Reads again the tables that were taken from the cache; answers whether any of them had changed. */
async function refreshTables(references: readonly string[], { store, caller }: Context): Promise<boolean> {
  let changed = false;
  for (const reference of references) {
    const name = tableNameOf(reference);
    const cached = store.tables.cached(caller, name);
    if (cached !== undefined && (await store.tables.find(caller, name)) !== cached) changed = true;
  }
  return changed;
}
