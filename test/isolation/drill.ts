import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import { launch, waitUntilHealthy, type Program, type ServerProcess } from "../server-process.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import type { History } from "./history.ts";
import { createSdkSubject } from "./sdk-subject.ts";
import { clientOf, createTables } from "./servers.ts";
import type { Subject } from "./subject.ts";

export interface DrillOptions {
  readonly program: Program;
  readonly folder: string;
  readonly seed: number;
  readonly goesOn: () => boolean;
  readonly progress?: ((line: string) => void) | undefined;
}

const clients = 8;
/** One history is checked at a time. */
const operationsMax = 4000;
const killsPerEpisode = 4;
const lifeMs = { least: 100, most: 500 };

interface Running {
  readonly server: ServerProcess;
  readonly subject: Subject;
  destroy(): void;
}

/**
 * Makes histories with a server that is killed in the middle of them and started again on its data, and checks each.
 * Rejects at the first one that no order explains. Every second history has no kills, so that it gets denser.
 */
export async function runDrill({ program, folder, seed, goesOn, progress }: DrillOptions): Promise<void> {
  const random = createRandom(seed);
  let running = start({ program, folder, random });
  try {
    const { server } = await running;
    const client = clientOf(server.endpoint);
    await createTables(client);
    client.destroy();
    for (let episode = 0; goesOn(); episode++) {
      const episodeSeed = Math.floor(random() * 2 ** 31);
      let ended = false;
      const killing = async (): Promise<void> => {
        for (let kills = episode % 2 === 0 ? killsPerEpisode : 0; kills > 0; kills--) {
          await delay(lifeMs.least + random() * (lifeMs.most - lifeMs.least));
          if (ended) return;
          const killed = await running;
          running = killed.server.kill().then(() => start({ program, folder, random }));
          await running;
          killed.destroy();
        }
      };
      const history = runClients({
        subject: async () => (await running).subject,
        seed: episodeSeed,
        clients,
        episode: `e${episode}`,
        goesOn: (operations) => operations < operationsMax,
        isCutOff: true,
      });
      const [made] = await Promise.all([history.finally(() => (ended = true)), killing()]);
      report(made, { episode, seed, progress });
    }
  } finally {
    const last = await running;
    last.destroy();
    await last.server.kill();
  }
}

async function start(options: { program: Program; folder: string; random: () => number }): Promise<Running> {
  const server = await launch(options.program, ["--data", options.folder, "--durability", "strict"]);
  await waitUntilHealthy(server);
  const client = clientOf(server.endpoint);
  return {
    server,
    subject: createSdkSubject(client, options.random),
    destroy: () => {
      client.destroy();
    },
  };
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
