import type { Alarm } from "../../base/alarm.ts";

/** Lets a loop wait until something happens that it would not see otherwise. */
export class WakeUp {
  readonly #alarm: Alarm;
  readonly #signal: AbortSignal;
  #isPoked = false;
  #wake: (() => void) | undefined;

  /** Once `signal` is aborted nobody waits any more. */
  constructor(alarm: Alarm, signal: AbortSignal) {
    this.#alarm = alarm;
    this.#signal = signal;
    signal.addEventListener("abort", () => {
      this.poke();
    });
  }

  /** Ends the wait under way, or else the next one. */
  poke(): void {
    if (this.#wake === undefined) this.#isPoked = true;
    else this.#wake();
  }

  /** Waits for a poke, at most so long. */
  async wait(ms: number): Promise<void> {
    if (!this.#isPoked && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const callOff = this.#alarm(ms, () => this.#wake?.());
        this.#wake = () => {
          callOff();
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#isPoked = false;
  }
}
