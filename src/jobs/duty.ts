import type { Alarm } from "../base/alarm.ts";
import type { Clock } from "../base/clock.ts";
import { EnvironmentError } from "../base/environment-error.ts";
import type { Leases } from "../store/leases.ts";
import type { Job } from "./job.ts";

export interface DutyTools {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** By what name this server is known to the others. */
  readonly owner: string;
}

/**
 * Short, so that others go on soon after a server has died: after so long, what clocks may differ by, and their next
 * look. Long enough to miss two renewals.
 */
export const dutyLeaseMs = 6_000;
const renewsEveryMs = 2_000;

/** What one server at a time does for all. Held from `hold` to `release`, however long a step takes meanwhile. */
export class Duty {
  readonly #name: string;
  readonly #tools: DutyTools;
  /** By the clock of this server (milliseconds since the epoch). */
  #heldUntil = 0;
  #term = 0;
  #callOff: () => void = () => undefined;
  #renewal: Promise<void> | undefined;

  constructor(name: string, tools: DutyTools) {
    this.#name = name;
    this.#tools = tools;
  }

  /** False too where this server was stopped in its tracks for so long that another may have taken over. */
  get isHeld(): boolean {
    return this.#heldUntil > this.#tools.clock.now();
  }

  /** Grows whenever another server may have been at it since. */
  get term(): number {
    return this.#term;
  }

  /** Whether another server is at it, which costs a small read to know. */
  async isElsewhere(): Promise<boolean> {
    return !this.isHeld && (await this.#tools.leases.isTaken(this.#name, this.#tools.owner));
  }

  /** Takes it on, or goes on with it; false while another server is at it. To be asked before every step. */
  async hold(): Promise<boolean> {
    if (this.isHeld) return true;
    if (await this.isElsewhere()) return false;
    await this.#take();
    return this.isHeld;
  }

  /** Lets others take it on at once. */
  async release(): Promise<void> {
    this.#callOff();
    await this.#renewal;
    this.#callOff();
    if (this.#heldUntil === 0) return;
    this.#heldUntil = 0;
    try {
      await this.#tools.leases.release(this.#name, this.#tools.owner);
    } catch (error) {
      // It is over soon by itself.
      if (!(error instanceof EnvironmentError)) throw error;
    }
  }

  async #take(): Promise<void> {
    const { leases, owner } = this.#tools;
    const heldUntil = await leases.take(this.#name, { owner, leaseMs: dutyLeaseMs });
    if (!this.isHeld) this.#term += 1;
    this.#heldUntil = heldUntil ?? 0;
    if (Number.isFinite(this.#heldUntil) && this.#heldUntil > 0) this.#renewLater();
  }

  #renewLater(): void {
    this.#callOff();
    this.#callOff = this.#tools.alarm(renewsEveryMs, () => {
      this.#renewal = this.#renew();
    });
  }

  /** What fails is tried again: if it keeps failing, the lease runs out. */
  async #renew(): Promise<void> {
    try {
      await this.#take();
    } catch {
      this.#renewLater();
    }
  }
}

/** A job that lets go of its duty when it stops. */
export function withDuty(job: Job, duty: Duty): Job {
  return {
    poke() {
      job.poke();
    },
    async stop() {
      await job.stop();
      await duty.release();
    },
  };
}
