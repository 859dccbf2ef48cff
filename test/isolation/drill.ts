import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { Fleet } from "../fleet.ts";
import type { Program } from "../server-process.ts";
import type { Storage } from "../storage.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import type { History } from "./history.ts";
import { createSdkSubject } from "./sdk-subject.ts";
import { clientOf, createTables } from "./servers.ts";

export interface DrillOptions {
  readonly program: Program;
  readonly storage: Storage;
  readonly seed: number;
  readonly goesOn: () => boolean;
  readonly progress?: ((line: string) => void) | undefined;
}

const clients = 8;
/** One history is checked at a time. */
const operationsMax = 4000;
const killsPerEpisode = 4;
const lifeMs = { least: 100, most: 500 };

/**
 * Makes histories with servers of which one after another is killed and started again on the same data, and checks
 * each. Rejects at the first one that no order explains. Every request goes to any of the servers, hence what one has
 * acknowledged the others must know. Every second history has no kills, so that it gets denser.
 */
export async function runDrill({ program, storage, seed, goesOn, progress }: DrillOptions): Promise<void> {
  const random = createRandom(seed);
  const servers = Math.min(2, storage.serversMax);
  const fleet = await Fleet.launch({ program, storage, servers, random });
  const client = clientOf(fleet.endpoint);
  const subject = createSdkSubject(client, random);
  try {
    await createTables(client);
    for (let episode = 0; goesOn(); episode++) {
      const episodeSeed = Math.floor(random() * 2 ** 31);
      let ended = false;
      const killing = async (): Promise<void> => {
        for (let kills = episode % 2 === 0 ? killsPerEpisode : 0; kills > 0; kills--) {
          await delay(lifeMs.least + random() * (lifeMs.most - lifeMs.least));
          if (ended) return;
          await fleet.killOne();
        }
      };
      const history = runClients({
        // It is an error of the drill, and no lost answer, when there is no server any more.
        subject: () => fleet.endpoint().then(() => subject),
        seed: episodeSeed,
        clients,
        episode: `e${episode}`,
        goesOn: (operations) => operations < operationsMax,
        isCutOff: true,
        untilQuiet: () => fleet.untilQuiet(),
      });
      const [made] = await Promise.all([history.finally(() => (ended = true)), killing()]);
      report(made, { episode, seed, progress });
    }
  } catch (error) {
    throw fleet.explain(error);
  } finally {
    client.destroy();
    await fleet.close();
  }
}

function report(
  history: History,
  { episode, seed, progress }: { episode: number; seed: number; progress: DrillOptions["progress"] },
): void {
  const complaint = checkHistory(history);
  if (complaint !== undefined) throw new Error(`history ${episode} of seed ${seed}:\n${complaint}`);
  const unknown = history.filter(({ fate }) => fate === "unknown").length;
  const transactions = history.filter(
    ({ name, fate }) => name === "TransactWriteItems" && fate === "done",
  ).length;
  progress?.(
    `history ${episode}: ${history.length} operations, ${transactions} transactions done, ${unknown} without an answer: serializable`,
  );
}
