import type { Alarm } from "../../base/alarm.ts";
import { assert } from "../../base/assert.ts";
import { EngineBusyError } from "../engine.ts";

export interface GathererBounds {
  /** So many batches are under way before requests wait, to go together. */
  readonly batchesMax: number;
  readonly requestsPerBatchMax: number;
  /** A batch takes no further request once it weighs this. */
  readonly batchWeightMax: number;
  readonly waitingMax: number;
}

/** How one kind of requests goes together. */
export interface Gathering<Request, Answer> {
  /** Carries a batch out and answers it in its order. To `take` it late is good: more will have come to go with it. */
  readonly carryOut: (take: () => readonly Request[]) => Promise<readonly Answer[]>;
  readonly weightOf: (request: Request) => number;
  /** Requests of one name go one after another, never in one batch. */
  readonly nameOf?: (request: Request) => string;
  /** Made for each batch: whether one more request may go with those it let in before. */
  readonly admission?: () => (request: Request) => boolean;
}

/**
 * A batch that a lock holds up no longer keeps others from leaving. Its own requests wait for it: they are the price of
 * going together. Requests of the locked name queue up behind it, so that a lock holds up one batch and not many.
 */
const slowMs = 100;

/**
 * Sends requests at once while the database keeps up, and several in one statement when it does not: that costs both
 * sides less and takes few connections.
 */
export class Gatherer<Request, Answer> {
  readonly #gathering: Gathering<Request, Answer>;
  readonly #bounds: GathererBounds;
  readonly #alarm: Alarm;
  #queue: Waiting<Request, Answer>[] = [];
  /** For each name in the queue or under way, who waits for it. */
  readonly #followers = new Map<string, Waiting<Request, Answer>[]>();
  #waiting = 0;
  #underWay = 0;

  constructor(gathering: Gathering<Request, Answer>, bounds: GathererBounds, alarm: Alarm) {
    this.#gathering = gathering;
    this.#bounds = bounds;
    this.#alarm = alarm;
  }

  async add(request: Request): Promise<Answer> {
    if (this.#waiting >= this.#bounds.waitingMax) throw new EngineBusyError("too many requests wait");
    this.#waiting += 1;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#line({ request, name: this.#gathering.nameOf?.(request), resolve, reject });
    });
    this.#start();
    return answer;
  }

  #line(waiting: Waiting<Request, Answer>): void {
    const { name } = waiting;
    const followers = name === undefined ? undefined : this.#followers.get(name);
    if (followers !== undefined) {
      followers.push(waiting);
      return;
    }
    if (name !== undefined) this.#followers.set(name, []);
    this.#queue.push(waiting);
  }

  #start(): void {
    if (this.#queue.length > 0 && this.#underWay < this.#bounds.batchesMax) void this.#runBatch();
  }

  async #runBatch(): Promise<void> {
    const counting = this.#count();
    let batch: readonly Waiting<Request, Answer>[] | undefined;
    const take = () => {
      batch = this.#take();
      counting.endsSoon();
      return batch.map(({ request }) => request);
    };
    try {
      const answers = await this.#gathering.carryOut(take);
      assert(answers.length === (batch?.length ?? 0), "a batch is answered whole");
      answers.forEach((answer, index) => batch?.[index]?.resolve(answer));
    } catch (error) {
      batch ??= this.#take();
      for (const { reject } of batch) reject(error);
    } finally {
      counting.end();
      this.#follow(batch ?? []);
      this.#start();
    }
  }

  /** Counts a batch among those under way until it ends or turns out to be slow. */
  #count(): { endsSoon(): void; end(): void } {
    this.#underWay += 1;
    let counted = true;
    let callOff: (() => void) | undefined;
    const end = () => {
      if (counted) this.#underWay -= 1;
      counted = false;
      callOff?.();
    };
    const endsSoon = () => {
      callOff = this.#alarm(slowMs, () => {
        end();
        this.#start();
      });
    };
    return { endsSoon, end };
  }

  #take(): readonly Waiting<Request, Answer>[] {
    const { requestsPerBatchMax, batchWeightMax } = this.#bounds;
    const admits = this.#gathering.admission?.();
    const batch: Waiting<Request, Answer>[] = [];
    const left: Waiting<Request, Answer>[] = [];
    let weight = 0;
    for (const waiting of this.#queue) {
      const full = batch.length >= requestsPerBatchMax || weight >= batchWeightMax;
      if (full || admits?.(waiting.request) === false) {
        left.push(waiting);
        continue;
      }
      batch.push(waiting);
      weight += this.#gathering.weightOf(waiting.request);
    }
    this.#queue = left;
    this.#waiting -= batch.length;
    return batch;
  }

  /** Lines up who waited for the names of a batch that is done. */
  #follow(batch: readonly Waiting<Request, Answer>[]): void {
    for (const { name } of batch) {
      if (name === undefined) continue;
      const next = this.#followers.get(name)?.shift();
      if (next === undefined) this.#followers.delete(name);
      else this.#queue.push(next);
    }
  }
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly name: string | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
