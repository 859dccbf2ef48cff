/** Adds the items from before to new indexes, in the background, and takes up again after a restart. */
import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { nextTurn } from "../base/next-turn.ts";
import type { IndexBuild, IndexBuilds } from "../store/store.ts";
import { FollowedBuild } from "./followed-build.ts";
import { startJob, type Job } from "./job.ts";

export interface IndexBuildsOptions {
  readonly builds: IndexBuilds;
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly log: Log;
  /** Who leases builds. A server that comes back under the same name goes on at once. */
  readonly owner: string;
}

const buildsPerRound = 1_000;
/** Every step renews the lease, so that it is over soon after a server has died. */
const leaseMs = 5_000;
/** How long a build is left alone that somebody else works on, and one that failed. */
const busyRestMs = 2_000;
const failureRestMs = 5_000;
/** The longest sleep while builds wait: no alarm rings when somebody moves the clock. */
const sleepMsMax = 1_000;
/** How soon to look, where there are none, for what another server left or did not take on. */
const idlePauseMs = 5_000;

export function startIndexBuilds(options: IndexBuildsOptions): Job {
  const { alarm, clock, log } = options;
  const site = new BuildSite(options);
  let callOff: () => void = () => undefined;

  function wakeAfter(ms: number): void {
    callOff();
    callOff = alarm(ms, () => {
      job.poke();
    });
  }

  const job = startJob(
    async (isStopped) => {
      const nextAt = await site.work(isStopped);
      wakeAfter(nextAt === undefined ? idlePauseMs : Math.min(nextAt - clock.now(), sleepMsMax));
    },
    (error) => {
      log.error("index builds failed", { error });
      wakeAfter(failureRestMs);
    },
  );
  return {
    poke() {
      job.poke();
    },
    async stop() {
      await job.stop();
      callOff();
      await site.leave();
    },
  };
}

/** Where this server builds. It remembers nothing that a restart would miss. */
class BuildSite {
  readonly #options: IndexBuildsOptions;
  #followed: ReadonlyMap<string, FollowedBuild> = new Map();

  constructor(options: IndexBuildsOptions) {
    this.#options = options;
  }

  /**
   * Works while there is something to do; answers when there will be again, if ever. Builds take turns, one step each,
   * so that a small one need not wait for a large one.
   */
  async work(isStopped: () => boolean): Promise<number | undefined> {
    const { clock } = this.#options;
    for (;;) {
      const builds = await this.#list();
      const due = builds.filter(({ dueAt }) => dueAt <= clock.now());
      if (due.length === 0) {
        return builds.length === 0 ? undefined : Math.min(...builds.map(({ dueAt }) => dueAt));
      }
      for (const build of due) {
        if (isStopped()) return undefined;
        await this.#stepOf(build);
        await nextTurn();
      }
    }
  }

  /** Lets others go on at once with what this server worked on. */
  async leave(): Promise<void> {
    const { builds, owner, log } = this.#options;
    for (const { build, isOurs } of this.#followed.values()) {
      if (!isOurs) continue;
      await builds.release(build, owner).catch((error: unknown) => {
        log.error("index build not released", { error });
      });
    }
  }

  async #list(): Promise<readonly FollowedBuild[]> {
    const { builds, clock, log } = this.#options;
    const followed = new Map<string, FollowedBuild>();
    for (const build of await builds.list(buildsPerRound)) {
      const name = nameOf(build);
      const known = this.#followed.get(name) ?? new FollowedBuild(build, clock, log);
      known.build = build;
      followed.set(name, known);
    }
    this.#followed = followed;
    return [...followed.values()];
  }

  async #stepOf(followed: FollowedBuild): Promise<void> {
    const { builds, owner } = this.#options;
    followed.tellProgress();
    try {
      const step = await builds.step(followed.build, { owner, leaseMs });
      followed.isOurs = step === "more";
      if (step === "done") followed.tellDone();
      if (step === "busy") followed.rest(busyRestMs);
    } catch (error) {
      followed.tellFailure(error);
      followed.rest(failureRestMs);
    }
  }
}

function nameOf({ tableId, indexId }: IndexBuild): string {
  return `${tableId}/${indexId}`;
}
