import type { Alarm } from "../../base/alarm.ts";
import type { Log } from "../../base/log.ts";

/** How to reach a PostgreSQL cluster, or one that speaks its protocol, and how much to ask of it. */
export interface PostgresOptions {
  /**
   * As libpq has it, with one host or several: `postgres://user:password@host-1:5432,host-2:5432/database?sslmode=...`.
   * `schema` names where the tables are (default: the first of the search path).
   */
  readonly url: string;
  /** The most connections to the primary, and to each standby. Default 16. */
  readonly connectionsMax?: number | undefined;
  /** The most requests that wait for a connection. Default 1,000. */
  readonly queueMax?: number | undefined;
  /** How long a request waits for a connection before it is turned away. Default 5,000. */
  readonly queueMsMax?: number | undefined;
  /** How long one server may take to accept a connection. Default 3,000; `connect_timeout` in the URL wins. */
  readonly connectMsMax?: number | undefined;
  /** How long requests wait for a primary to be found. Default 10,000. */
  readonly failoverMsMax?: number | undefined;
  /** Who serves eventually consistent reads. Default `primary`. */
  readonly eventualReads?: "primary" | "standby" | undefined;
  /** Default `postgresql`. The others are expected to work, and not tested. */
  readonly dialect?: Dialect | undefined;
  /** Called whenever statements are sent that travel together, to count round trips. */
  readonly onFlush?: (() => void) | undefined;
}

export type Dialect = "postgresql" | "cockroachdb" | "yugabytedb";

/** What the engine takes from outside. */
export interface Surroundings {
  /** Must keep the process alive: while a primary is looked for, nothing else may. */
  readonly alarm: Alarm;
  /** From 0, below 1. */
  readonly random: () => number;
  readonly log?: Log | undefined;
}
