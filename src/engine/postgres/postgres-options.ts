/** How to reach a PostgreSQL cluster, or one that speaks its protocol, and how much to ask of it. */
export interface PostgresOptions {
  /**
   * As libpq has it, with one host or several: `postgres://user:password@host-1:5432,host-2:5432/database?sslmode=...`.
   * `schema` names where the tables are (default: the first of the search path).
   */
  readonly url: string;
  /** The most connections to the primary, and to each standby. Default 16. */
  readonly connectionsMax?: number;
  /** The most requests that wait for a connection. Default 1,000. */
  readonly queueMax?: number;
  /** How long a request waits for a connection before it is turned away. Default 5,000. */
  readonly queueMsMax?: number;
  /** How long one server may take to accept a connection. Default 3,000. */
  readonly connectMsMax?: number;
  /** How long requests wait for a primary to be found. Default 10,000. */
  readonly failoverMsMax?: number;
  /** Who serves eventually consistent reads. Default `primary`. */
  readonly eventualReads?: "primary" | "standby";
  /** Default `postgresql`. The others are expected to work, and not tested. */
  readonly dialect?: Dialect;
  /** Called whenever statements are sent that travel together, to count round trips. */
  readonly onFlush?: () => void;
}

export type Dialect = "postgresql" | "cockroachdb" | "yugabytedb";
