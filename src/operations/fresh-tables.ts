/** Tables come from memory, so that what was done with one may have to be done again with the table as it is now. */
import { ServiceError } from "../model/errors.ts";
import { StaleTableError } from "../store/table-stamp.ts";
import type { Context } from "./operation.ts";
import { tableNameOf } from "./table-reference.ts";

/**
 * A table may change under a call this often before the call gives up. On a distant engine the changes of several
 * clients and of the background may well follow one another as fast as a call reads them.
 */
const attemptsMax = 20;

/**
 * Runs `body`, and again when it failed and one of the tables that it names had changed meanwhile. It must have had no
 * effect where it fails.
 */
export async function withFreshTables<Result>(
  context: Context,
  references: () => readonly string[],
  body: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body();
    } catch (error) {
      if (attempt === attemptsMax || !mayBeStale(error)) throw error;
      if (!(await refreshTables(references(), context)) && !(error instanceof StaleTableError)) throw error;
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
