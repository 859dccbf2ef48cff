import type { Role } from "./connections/connections.ts";
import { Gatherer, type GathererBounds } from "./gatherer.ts";
import { batchesMax, type Means } from "./means.ts";
import { readMany } from "./read-many.ts";
import { retrying } from "./retry.ts";

export type Keys = readonly Uint8Array[];
export type Values = readonly (Uint8Array | undefined)[];
export type Gets = Gatherer<Keys, Values>;

/** Requests that together name so many keys take no more with them: all their values are in memory at once. */
const keysPerBatchMax = 64;

/** One-shot reads that meet are one statement: each still sees one moment, later than its start. */
export function getsTogether(role: Role, means: Means): Gets {
  const { lender, statements, surroundings, waitingMax } = means;
  const bounds: GathererBounds = {
    batchesMax,
    requestsPerBatchMax: keysPerBatchMax,
    batchWeightMax: keysPerBatchMax,
    waitingMax,
  };
  const carryOut = (take: () => readonly Keys[]) => {
    let batch: readonly Keys[] | undefined;
    return retrying(surroundings, () =>
      lender.with(role, async (connection) => {
        batch ??= take();
        const send = connection.send.bind(connection);
        return valuesByRequest(batch, await readMany(batch.flat(), statements, send));
      }),
    );
  };
  return new Gatherer<Keys, Values>(
    { carryOut, weightOf: (keys) => keys.length },
    bounds,
    surroundings.alarm,
  );
}

function valuesByRequest(batch: readonly Keys[], values: Values): readonly Values[] {
  let at = 0;
  return batch.map((keys) => values.slice(at, (at += keys.length)));
}
