/** Delivers the changes of tables to the Kinesis streams that are their destinations. */
import type { Log } from "../../store/change-log/change-log.ts";
import { isKinesisReader } from "../../store/kinesis-destinations.ts";
import { startRecurringJob, type Job } from "../job.ts";
import type { DeliveryTools } from "./delivery-tools.ts";
import { DestinationDelivery } from "./destination-delivery.ts";

/** How often it is looked for destinations, and for changes, that other servers wrote. */
const looksEveryMs = 1_000;
const logsPerPage = 100;

export function startKinesisDeliveries(tools: DeliveryTools): Job {
  const { store, alarm, log } = tools;
  const deliveries = new Deliveries(tools);
  const unfollow = store.changeLog.follow((tableId) => {
    deliveries.poke(tableId);
  });
  const job = startRecurringJob(
    { alarm, everyMs: looksEveryMs },
    () => deliveries.find(),
    (error) => {
      log.error("search for kinesis destinations failed", { error });
    },
  );
  return {
    poke() {
      job.poke();
    },
    async stop() {
      unfollow();
      await job.stop();
      await deliveries.stop();
      tools.kinesis.close();
    },
  };
}

interface Followed {
  readonly tableId: number;
  readonly delivery: DestinationDelivery;
}

/** The destinations that this server follows, each on its own: a slow stream holds up nobody else's. */
class Deliveries {
  readonly #tools: DeliveryTools;
  /** By the ids of their readers. */
  readonly #followed = new Map<string, Followed>();

  constructor(tools: DeliveryTools) {
    this.#tools = tools;
  }

  /** Begins to follow destinations that are new, lets go of those that are over, and has all look for work. */
  async find(): Promise<void> {
    const listed = new Set<string>();
    for await (const log of this.#logs()) {
      for (const reader of log.readers.filter(isKinesisReader)) {
        listed.add(reader.id);
        if (this.#followed.has(reader.id)) continue;
        const delivery = new DestinationDelivery(log, reader, this.#tools);
        this.#followed.set(reader.id, { tableId: log.tableId, delivery });
      }
    }
    for (const [readerId, { delivery }] of this.#followed) {
      if (!delivery.isOver) delivery.poke();
      // The log of a removed table names its readers as long as there is anything of it.
      else if (!listed.has(readerId)) this.#followed.delete(readerId);
    }
  }

  poke(tableId: number): void {
    for (const followed of this.#followed.values())
      if (followed.tableId === tableId) followed.delivery.poke();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(({ delivery }) => delivery.stop()));
  }

  async *#logs(): AsyncIterable<Log> {
    let afterTableId: number | undefined;
    for (;;) {
      const logs = await this.#tools.store.changeLog.logs({ afterTableId, logsMax: logsPerPage });
      yield* logs;
      if (logs.length < logsPerPage) return;
      afterTableId = logs.at(-1)?.tableId;
    }
  }
}
