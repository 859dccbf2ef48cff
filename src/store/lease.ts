/** Who works on something alone, and for how long after each step. */
export interface Lease {
  readonly owner: string;
  readonly leaseMs: number;
}
