import { FunctionUnavailableError, type FunctionAnswer, type FunctionCall } from "../../base/functions.ts";
import { FunctionThread, type ThreadOptions } from "./function-thread.ts";

/** The most threads of one function; more calls wait for their turn. */
const threadsMax = 10;

/** A function that is a module on this machine. Its threads stay, with the module loaded, for the next calls. */
export class ModuleFunction {
  readonly #options: ThreadOptions;
  readonly #threads = new Set<FunctionThread>();
  readonly #idle: FunctionThread[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #isClosed = false;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  async invoke(call: FunctionCall): Promise<FunctionAnswer> {
    if (this.#running === threadsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      // Calls that waited for their turn must not start threads behind `close`.
      if (this.#isClosed) throw new FunctionUnavailableError("the server stops");
      const thread = this.#thread();
      const answer = await thread.run(call);
      if (thread.isDead) this.#threads.delete(thread);
      else this.#idle.push(thread);
      return answer;
    } finally {
      // Whoever waits takes over the place, so that none that comes meanwhile is before it.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #thread(): FunctionThread {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isDead) return idle;
      this.#threads.delete(idle);
    }
    const thread = new FunctionThread(this.#options);
    this.#threads.add(thread);
    return thread;
  }
}
