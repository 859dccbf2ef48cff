import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { IndexBuild } from "../store/store.ts";

/** How often the log hears of a build that takes long. */
const tellsEveryMs = 10_000;

/** A build that this server works on, and what it remembers of that: nothing that a restart would miss. */
export class FollowedBuild {
  /** As it was listed last. */
  build: IndexBuild;
  /** This server took the last step there was. */
  isOurs = false;
  readonly #clock: Clock;
  readonly #log: Log;
  #restsUntil = 0;
  #start: { readonly at: number; readonly itemsRead: number } | undefined;
  #toldAt = 0;

  constructor(build: IndexBuild, clock: Clock, log: Log) {
    this.build = build;
    this.#clock = clock;
    this.#log = log;
  }

  /** When its next step is due, in milliseconds since the epoch. */
  get dueAt(): number {
    return Math.max(this.build.startsAt, this.#restsUntil);
  }

  rest(ms: number): void {
    this.#restsUntil = this.#clock.now() + ms;
  }

  /** Says now and then how far the build has come; to be called before every step. */
  tellProgress(): void {
    const now = this.#clock.now();
    if (this.#start === undefined) {
      this.#start = { at: now, itemsRead: this.build.itemsRead };
      this.#toldAt = now;
      this.#log.debug("index build begins", this.#fields());
    } else if (now - this.#toldAt >= tellsEveryMs) {
      this.#toldAt = now;
      this.#log.info("index build goes on", this.#fields());
    }
  }

  tellDone(): void {
    this.#log.info("index built", this.#fields());
  }

  tellFailure(error: unknown): void {
    this.#log.error("index build failed", { error, ...this.#fields() });
  }

  /** The rate is this server's own: since it began, or took up again. */
  #fields(): object {
    const { tableName, indexName, itemsRead } = this.build;
    const { at, itemsRead: itemsBefore } = this.#start ?? { at: 0, itemsRead };
    const ms = this.#clock.now() - at;
    const itemsPerSecond = ms > 0 ? Math.round(((itemsRead - itemsBefore) * 1_000) / ms) : undefined;
    return { table: tableName, index: indexName, items: itemsRead, seconds: ms / 1_000, itemsPerSecond };
  }
}
