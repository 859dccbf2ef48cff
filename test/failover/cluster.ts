/** What happens to a node of a cluster: to the primary, unless it says otherwise. */
export type Failure =
  /** PostgreSQL's first process is killed; whatever looks after it is not. */
  | "postmaster killed"
  /** Everything on the node is killed at once. */
  | "node killed"
  /** Everything on the node stands still, and connections stay open, until another one has taken over. */
  | "node frozen"
  /** Everything on the node is killed that commits wait for. */
  | "standby killed";

/** Moments of one failure, by `performance.now()`. */
export interface Failover {
  readonly failedAt: number;
  /** When there was a primary again, as somebody saw who asked every few milliseconds. */
  readonly promotedAt: number;
  /** When it acknowledged a write: for that it needs a standby as well. */
  readonly writableAt: number;
  /** Whether the node that failed is the primary again. */
  readonly isSameNode: boolean;
}

export interface Repair {
  /** Whether the node went back to where the others parted from it, rather than get a copy of everything. */
  readonly isRewound: boolean;
}

/** PostgreSQL nodes with synchronous replication, of which a drill lets one fail. */
export interface FailingCluster {
  /** Names all nodes. */
  readonly url: string;
  /** Lets a node fail and waits until there is a primary that acknowledges writes. */
  fail(failure: Failure): Promise<Failover>;
  /** Lets what failed go on or start, and waits until replication is as it was before the failure. */
  repair(): Promise<Repair>;
  /** Ends every process and removes what they stored. */
  close(): Promise<void>;
}
