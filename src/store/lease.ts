/** Who works on something alone, and for how long after each step. */
export interface Lease {
  readonly owner: string;
  readonly leaseMs: number;
}

/** A lease as it is kept. */
export interface KeptLease {
  readonly owner: string;
  /** Milliseconds since the epoch, by the clock of its owner. 0: nobody has it. */
  readonly leasedUntil: number;
}

/**
 * By how much the clocks of servers may differ before two of them could have one lease for a moment: others wait so
 * much longer than its owner counts on it. Should clocks differ by more, work is done twice, which no job minds.
 */
export const clocksApartMsMax = 2_000;

/** Nobody asks for so long: a lease that ends later was written by a clock that is wrong, and keeps nobody away. */
const leaseMsMax = 60_000;

export function isHeldByAnother({ owner, leasedUntil }: KeptLease, claimant: string, now: number): boolean {
  if (owner === claimant || leasedUntil === 0) return false;
  return leasedUntil + clocksApartMsMax > now && leasedUntil <= now + leaseMsMax;
}

/** Until when a lease that begins now is held. One for no time at all keeps nobody away. */
export function leaseEnd(now: number, leaseMs: number): number {
  return leaseMs === 0 ? 0 : now + leaseMs;
}
