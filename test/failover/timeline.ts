import type { Failover } from "./cluster.ts";

/** When which server acknowledged writes. */
export class Timeline {
  readonly #moments: number[][];
  refused = 0;
  unknown = 0;

  constructor(servers: number) {
    this.#moments = Array.from({ length: servers }, () => []);
  }

  acknowledge(server: number): void {
    this.#moments[server]?.push(performance.now());
  }

  get acknowledged(): number {
    return this.#moments.reduce((sum, { length }) => sum + length, 0);
  }

  /** The first write that a server acknowledged after a moment. */
  firstAfter(server: number, moment: number): number | undefined {
    return this.#moments[server]?.find((each) => each >= moment);
  }

  /** How long nobody acknowledged anything around the failure, and how long each server took after the promotion. */
  measure({ failedAt, promotedAt }: Failover): { gapMs: number; backMs: readonly (number | undefined)[] } {
    const all = this.#moments.flat().sort((left, right) => left - right);
    let gapMs = 0;
    for (const [index, moment] of all.entries()) {
      const next = all[index + 1];
      if (next !== undefined && next > failedAt) gapMs = Math.max(gapMs, next - moment);
    }
    const backMs = this.#moments.map((_, server) => {
      const first = this.firstAfter(server, promotedAt);
      return first === undefined ? undefined : first - promotedAt;
    });
    return { gapMs, backMs };
  }
}
