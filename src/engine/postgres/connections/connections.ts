/** The connections of one engine to the servers of its cluster. */
export interface Connections {
  /**
   * Lends one connection for the time of `use`: to the primary, or with `standby` to a standby where there is one, else
   * to the primary. Waits in a bounded queue for a free one (full, or too long: `EngineBusyError`, nothing happened),
   * and a bounded time for a primary to be found (else `EngineError`). A transaction may not be left open; statements
   * that end one need not be waited for.
   */
  with<T>(role: Role, use: (connection: Connection) => Promise<T>): Promise<T>;
  /** Waits for the connections that are lent. No call may follow. */
  close(): Promise<void>;
}

export type Role = "primary" | "standby";

export interface Connection {
  /**
   * The slot of tallies that this connection adds to: distinct among the connections of one server that are lent, and
   * unlikely to be another server's. From 0, below 2 ** 15.
   */
  readonly slot: number;
  /**
   * Sends a statement behind those sent before, without waiting for them; calls made in one turn travel together.
   * Values are text, bytes, numbers, bigints and arrays of those. Rejects with `StatementError`.
   */
  send(statement: Statement, values?: readonly unknown[]): Promise<Rows>;
  /** Nobody gets this connection again: its state is unknown. */
  discard(): void;
}

/** Prepared on each connection once, under its name: one name, one text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Rows {
  /** Each row as the list of its columns: whole numbers as numbers, bytea as bytes, what is NULL as null. */
  readonly rows: readonly (readonly unknown[])[];
  /** How many rows the statement read or changed. */
  readonly count: number;
}

/** What became of a statement that did not do its work. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  readonly reason: StatementFailure;
  /** The server's SQLSTATE, where it said one. */
  readonly code: string | undefined;

  constructor(reason: StatementFailure, told: { message: string; code?: string; cause?: unknown }) {
    super(told.message, { cause: told.cause });
    this.reason = reason;
    this.code = told.code;
  }
}

export type StatementFailure =
  /** 40001: others were faster, run the transaction again. */
  | "serialization"
  /** 40P01: so did others, the server chose this one to give way. */
  | "deadlock"
  /** 23505: the row is there already. */
  | "duplicate"
  /** The server takes no writes (any more): the statement did nothing. */
  | "read-only"
  /** The connection went before the answer came, or the server ended it: the statement may have been done. */
  | "lost"
  | "other";
