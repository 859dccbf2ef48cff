import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { createRandom } from "../../../bench/load/random.ts";
import { openBed, type Bed } from "./bed.ts";
import { expireOnBoth } from "./expiry.ts";
import { addIndexesOnBoth, changeIndexesWhileWritten } from "./index-changes.ts";
import { createTwice, deleteTwice, replaceWhileWritten } from "./lives.ts";
import { changeSettings } from "./settings.ts";
import { switchStreamWhileWritten } from "./stream-changes.ts";

export interface RaceOptions {
  readonly endpoints: readonly string[];
  readonly seed: number;
  /** Asked before every race. */
  readonly goesOn: () => boolean;
}

const races: readonly [Race, ...Race[]] = [
  replaceWhileWritten,
  createTwice,
  deleteTwice,
  changeIndexesWhileWritten,
  addIndexesOnBoth,
  switchStreamWhileWritten,
  changeSettings,
  expireOnBoth,
];
type Race = (bed: Bed) => Promise<void>;

/** Each on a table of its own. */
const racesAtOnce = 4;

/**
 * Changes tables on two servers at once, or on one while the other writes and reads them, and looks whether both agree
 * on what became of them. Answers how often each race was run; rejects at the first that ended badly.
 */
export async function runRaces({
  endpoints,
  seed,
  goesOn,
}: RaceOptions): Promise<ReadonlyMap<string, number>> {
  const bed = openBed(endpoints, createRandom(seed));
  const counts = new Map<string, number>();
  let next = 0;
  let hasFailed = false;
  const run = async (): Promise<void> => {
    while (!hasFailed && (next < races.length || goesOn())) {
      const race = races[next++] ?? bed.draw.pick(races);
      await race(bed);
      counts.set(race.name, (counts.get(race.name) ?? 0) + 1);
    }
  };
  try {
    await Promise.all(
      Array.from({ length: racesAtOnce }, () =>
        run().catch((error: unknown) => {
          hasFailed = true;
          throw error;
        }),
      ),
    );
    for (const { client } of bed.sides) {
      assert.deepEqual((await client.send(new ListTablesCommand())).TableNames, []);
    }
    return counts;
  } finally {
    bed.close();
  }
}
