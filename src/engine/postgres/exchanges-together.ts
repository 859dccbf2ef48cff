import type { Exchange, Exchanged } from "../engine.ts";
import { nameOf } from "./bytea.ts";
import type { Connection } from "./connections/connections.ts";
import { exchangeAdmission, exchangeTogether } from "./exchange-batch.ts";
import { Gatherer, type GathererBounds } from "./gatherer.ts";
import { batchesMax, type Means } from "./means.ts";
import { retrying } from "./retry.ts";
import { throwUnlessRefused } from "./send-commit.ts";

/** Undefined: only a transaction can tell. */
export type Exchanges = Gatherer<Exchange, Exchanged | undefined>;

const requestsPerBatchMax = 64;
const batchBytesMax = 1_048_576;

/** Exchanges that meet are one statement, those of one key one after another. */
export function exchangesTogether({ lender, surroundings, waitingMax }: Means): Exchanges {
  const bounds: GathererBounds = {
    batchesMax,
    requestsPerBatchMax,
    batchWeightMax: batchBytesMax,
    waitingMax,
  };
  const carryOut = (take: () => readonly Exchange[]) => {
    let batch: readonly Exchange[] | undefined;
    return retrying(surroundings, () =>
      lender.with("primary", (connection) => {
        batch ??= take();
        return batch.length === 0 ? Promise.resolve([]) : exchangeOnce(connection, batch);
      }),
    );
  };
  const gathering = {
    carryOut,
    weightOf: ({ value, expected }: Exchange) => (value?.length ?? 0) + (expected?.length ?? 0),
    nameOf: ({ key }: Exchange) => nameOf(key),
    admission: exchangeAdmission,
  };
  return new Gatherer<Exchange, Exchanged | undefined>(gathering, bounds, surroundings.alarm);
}

/** The statement is a transaction of its own: when its answer does not come, it may have happened. */
async function exchangeOnce(connection: Connection, batch: readonly Exchange[]) {
  try {
    return await exchangeTogether(connection, batch);
  } catch (error) {
    throwUnlessRefused(error);
  }
}
