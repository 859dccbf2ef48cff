import { EngineBusyError, EngineError } from "../../engine.ts";
import type { Surroundings } from "../postgres-options.ts";
import type { Session } from "./session.ts";

export interface PoolSettings {
  /** Opens one more session. */
  readonly open: () => Promise<Session>;
  /** Whether the server of a session that waits for an answer can still give one. */
  readonly isWell: (session: Session) => Promise<boolean>;
  /** A session broke, or its server takes no writes: others may be the same. */
  readonly onBroken: () => void;
  readonly onFlush: () => void;
  /** A session to another server than before means that the one before is not to be used any more. */
  readonly isOneServer: boolean;
  readonly connectionsMax: number;
  readonly queueMax: number;
  readonly queueMsMax: number;
  /** How long callers wait while no session can be opened; undefined: they are told at once. */
  readonly patienceMs: number | undefined;
  readonly retryMs: RetryMs;
  readonly slotBase: number;
  readonly surroundings: Surroundings;
}

/** The bounds of the pause before a session that could not be opened is tried again. */
export interface RetryMs {
  readonly low: number;
  readonly high: number;
}

const slotsMax = 2 ** 15;

interface Waiter {
  readonly resolve: (session: Session) => void;
  readonly reject: (error: Error) => void;
  /** Calls off the alarm that ends its waiting. */
  stop: () => void;
}

/** Sessions of one kind, opened when they are needed, and those who wait for one. */
export class Pool {
  readonly #settings: PoolSettings;
  /** All, with the place that each takes among them. */
  readonly #places = new Map<Session, number>();
  readonly #lent = new Set<Session>();
  readonly #idle: Session[] = [];
  readonly #queue = new Set<Waiter>();
  #opening = 0;
  /** Why no session could be opened the last time it was tried. */
  #trouble: Error | undefined;
  #failures = 0;
  #isPausing = false;
  #stopPause: (() => void) | undefined;
  #isLookingAfter = false;
  #close: (() => void) | undefined;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  /** Its server could not be reached lately. */
  get isResting(): boolean {
    return this.#isPausing;
  }

  /** Lends a session. Give it back by `release`. */
  async acquire(): Promise<Session> {
    if (this.#close !== undefined) throw new EngineError("the connections to the database are closed");
    const idle = this.#idle.pop();
    if (idle !== undefined) return this.#lend(idle);
    const { queueMax } = this.#settings;
    if (this.#queue.size >= queueMax) {
      throw new EngineBusyError(`${queueMax} requests wait for a connection to the database already`);
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject, stop: () => undefined };
      this.#queue.add(waiter);
      this.#limit(waiter, 0);
      this.#openMore();
    });
  }

  release(session: Session): void {
    this.#lent.delete(session);
    if (session.isLendable) {
      this.#hand(session);
    } else {
      this.#remove(session);
      session.destroy();
    }
    this.#checkClosed();
  }

  /** Waits for what is lent and for those who wait. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#close = resolve;
      this.#checkClosed();
    });
    this.#stopPause?.();
    await Promise.all([...this.#places.keys()].map((session) => session.close()));
  }

  #checkClosed(): void {
    if (this.#lent.size === 0 && this.#queue.size === 0 && this.#opening === 0) this.#close?.();
  }

  #lend(session: Session): Session {
    this.#lent.add(session);
    return session;
  }

  /** To who has waited longest. */
  #hand(session: Session): void {
    const [waiter] = this.#queue;
    if (waiter === undefined) {
      this.#idle.push(session);
      return;
    }
    this.#leave(waiter);
    waiter.resolve(this.#lend(session));
  }

  #leave(waiter: Waiter): void {
    this.#queue.delete(waiter);
    waiter.stop();
  }

  // Waiting ----------------------------------------------------------------------------------------------------

  #isInTrouble(): boolean {
    return this.#trouble !== undefined && this.#places.size === 0;
  }

  #limit(waiter: Waiter, waitedMs: number): void {
    const { queueMsMax, patienceMs = queueMsMax, surroundings } = this.#settings;
    const limitMs =
      waitedMs === 0 ? Math.min(queueMsMax, patienceMs) : this.#isInTrouble() ? patienceMs : queueMsMax;
    if (waitedMs < limitMs) {
      waiter.stop = surroundings.alarm(limitMs - waitedMs, () => {
        this.#limit(waiter, limitMs);
      });
      return;
    }
    this.#leave(waiter);
    waiter.reject(
      this.#isInTrouble() && this.#trouble !== undefined ? told(this.#trouble) : tooLong(waitedMs),
    );
    this.#checkClosed();
  }

  // Opening ----------------------------------------------------------------------------------------------------

  #openMore(): void {
    const { connectionsMax } = this.#settings;
    const atOnceMax = this.#isPausing ? 0 : this.#trouble === undefined ? connectionsMax : 1;
    while (
      this.#opening < Math.min(atOnceMax, this.#queue.size) &&
      this.#places.size + this.#opening < connectionsMax
    ) {
      void this.#openOne();
    }
  }

  async #openOne(): Promise<void> {
    this.#opening += 1;
    try {
      const session = await this.#settings.open();
      this.#opening -= 1;
      this.#trouble = undefined;
      this.#failures = 0;
      this.#add(session);
    } catch (error) {
      this.#opening -= 1;
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    this.#openMore();
    this.#checkClosed();
  }

  #fail(error: Error): void {
    const { patienceMs, retryMs, surroundings } = this.#settings;
    this.#trouble = error;
    // Of several that were tried together each fails: they are one failure, and one pause follows.
    if (!this.#isPausing) this.#failures += 1;
    const isFinal = "isFinal" in error && error.isFinal === true;
    if ((patienceMs === undefined || isFinal) && this.#isInTrouble()) {
      for (const waiter of this.#queue) {
        this.#leave(waiter);
        waiter.reject(told(error));
      }
    }
    const boundMs = Math.min(retryMs.high, retryMs.low * 2 ** Math.min(this.#failures, 16));
    this.#isPausing = true;
    this.#stopPause?.();
    this.#stopPause = surroundings.alarm(
      retryMs.low + surroundings.random() * (boundMs - retryMs.low),
      () => {
        this.#isPausing = false;
        this.#openMore();
      },
    );
  }

  #add(session: Session): void {
    if (this.#settings.isOneServer) {
      for (const other of [...this.#places.keys()]) if (isLeft(other, session)) other.destroy();
    }
    const taken = new Set(this.#places.values());
    let place = 0;
    while (taken.has(place)) place += 1;
    session.slot = (this.#settings.slotBase + place) % slotsMax;
    this.#places.set(session, place);
    session.listen({
      onFlush: this.#settings.onFlush,
      onEnd: () => {
        this.#remove(session);
        this.#settings.onBroken();
      },
      onReadOnly: () => {
        this.#settings.onBroken();
        this.retire();
      },
      onSilence: () => void this.#lookAfter(session),
    });
    if (session.isConnected) this.#hand(session);
  }

  #remove(session: Session): void {
    if (!this.#places.delete(session)) return;
    const at = this.#idle.indexOf(session);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#openMore();
  }

  // Giving up --------------------------------------------------------------------------------------------------

  /** Lends none of the present sessions again. */
  retire(): void {
    for (const session of this.#lent) session.discard();
    for (const session of [...this.#idle]) {
      this.#remove(session);
      void session.close();
    }
  }

  async #lookAfter(session: Session): Promise<void> {
    if (this.#isLookingAfter) return;
    this.#isLookingAfter = true;
    const isWell = await this.#settings.isWell(session);
    this.#isLookingAfter = false;
    if (isWell) return;
    for (const other of [...this.#places.keys()]) if (other.host === session.host) other.destroy();
  }
}

/** Whether a session leads to another server than the newest. A host may be a proxy: those behind it differ in this. */
function isLeft(session: Session, newest: Session): boolean {
  return session.host !== newest.host || (session.timeline ?? Infinity) < (newest.timeline ?? 0);
}

/** Each caller gets an error of its own, with its own stack. */
function told(trouble: Error): EngineError {
  return new EngineError(trouble.message, { cause: trouble });
}

function tooLong(ms: number): EngineBusyError {
  return new EngineBusyError(`no connection to the database became free within ${ms} ms`);
}
