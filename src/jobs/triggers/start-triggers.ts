/** Calls functions with the records of streams, as event source mappings have it. */
import { isDelivering, type EventSourceMapping } from "../../store/event-source-mapping.ts";
import { startRecurringJob, type Job } from "../job.ts";
import { MappingRun, readerIdOf } from "./mapping-run.ts";
import type { TriggerTools } from "./trigger-tools.ts";

/** How often it is looked for mappings that other servers changed, or whose time has come. */
const looksEveryMs = 1_000;
const mappingsPerPage = 100;

export function startTriggers(tools: TriggerTools): Job {
  const { store, alarm, log } = tools;
  const triggers = new Triggers(tools);
  const endFollowing = [
    store.changeLog.follow((tableId) => {
      triggers.poke(tableId);
    }),
    store.eventSourceMappings.follow(() => {
      job.poke();
    }),
  ];
  const job = startRecurringJob(
    { alarm, everyMs: looksEveryMs },
    () => triggers.find(),
    (error) => {
      log.error("search for event source mappings failed", { error });
    },
  );

  return {
    poke() {
      job.poke();
    },
    async stop() {
      for (const end of endFollowing) end();
      await job.stop();
      await triggers.stop();
    },
  };
}

/** The mappings that this server serves, each on its own: a slow function holds up nobody else's. */
class Triggers {
  readonly #tools: TriggerTools;
  /** By the ids of their mappings. */
  readonly #runs = new Map<string, MappingRun>();
  /** Mappings that were there when it was looked last. */
  #known: ReadonlyMap<string, EventSourceMapping> = new Map();

  constructor(tools: TriggerTools) {
    this.#tools = tools;
  }

  poke(tableId: number): void {
    for (const run of this.#runs.values()) run.poke(tableId);
  }

  /** Begins to serve mappings that are new, and lets go of those that are gone or not any more as they were. */
  async find(): Promise<void> {
    const mappings = await this.#list();
    const now = this.#tools.clock.now();
    const served = [...mappings.values()].filter((mapping) => isDelivering(mapping, now));
    const versions = new Map(served.map(({ id, version }) => [id, version]));
    const outdated = [...this.#runs.values()].filter(
      ({ mapping: { id, version } }) => versions.get(id) !== version,
    );
    await Promise.all(outdated.map((run) => this.#stop(run)));
    for (const mapping of served) {
      if (!this.#runs.has(mapping.id)) this.#runs.set(mapping.id, new MappingRun(mapping, this.#tools));
    }
    for (const [id, mapping] of this.#known) {
      if (!mappings.has(id)) await this.#forget(mapping);
    }
    this.#known = mappings;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => this.#stop(run)));
  }

  async #stop(run: MappingRun): Promise<void> {
    await run.stop();
    this.#runs.delete(run.mapping.id);
  }

  async #forget(mapping: EventSourceMapping): Promise<void> {
    while (await this.#tools.store.cursors.removeSome(readerIdOf(mapping)));
  }

  async #list(): Promise<ReadonlyMap<string, EventSourceMapping>> {
    const { eventSourceMappings } = this.#tools.store;
    const found = new Map<string, EventSourceMapping>();
    let after: EventSourceMapping | undefined;
    for (;;) {
      const page = await eventSourceMappings.listAll({ after, mappingsMax: mappingsPerPage });
      for (const mapping of page.mappings) found.set(mapping.id, mapping);
      after = page.mappings.at(-1);
      if (!page.more) return found;
    }
  }
}
