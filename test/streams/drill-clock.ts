import type { ServerProcess } from "../server-process.ts";

/** The time of a drill, which is later than that of the machine. Every server is moved there by itself. */
export class DrillClock {
  #movedMs = 0;
  readonly #movedByServer = new WeakMap<ServerProcess, number>();

  get movedMs(): number {
    return this.#movedMs;
  }

  /** Moves the time; servers hear of it by `set`. */
  advance(ms: number): void {
    this.#movedMs += ms;
  }

  /** Time is that of the machine again: for the servers that start from now on. */
  reset(): void {
    this.#movedMs = 0;
  }

  /** Tells a server what time it is. */
  async set(server: ServerProcess): Promise<void> {
    const movedMs = this.#movedMs;
    const advanceMs = movedMs - (this.#movedByServer.get(server) ?? 0);
    if (advanceMs <= 0) return;
    this.#movedByServer.set(server, movedMs);
    await fetch(`${server.endpoint}/_stator/clock`, { method: "PUT", body: JSON.stringify({ advanceMs }) });
  }
}
