import { DatabaseError, type Client } from "pg";
import type { Alarm } from "../../../base/alarm.ts";
import { StatementError, type Connection, type Rows, type Statement } from "./connections.ts";
import { columnTypes } from "./column-types.ts";
import type { HostAddress } from "./database-url.ts";
import { endsSession, failureOf, leavesCommitUnknown } from "./statement-failure.ts";

/** Who is told of what happens to a session. */
export interface SessionEvents {
  /** Statements that travel together are sent. */
  readonly onFlush: () => void;
  /** The connection is gone. */
  readonly onEnd: (session: Session) => void;
  /** The server takes no writes. */
  readonly onReadOnly: (session: Session) => void;
  /** Statements wait for answers and none came for a while: the server is slow, or unreachable. */
  readonly onSilence: (session: Session) => void;
}

export interface SessionSettings {
  readonly host: HostAddress;
  readonly alarm: Alarm;
  /** How long statements may go without any answer before the server is looked after. */
  readonly silenceMsMax: number;
}

/** One connection to one server. Statements are sent as they come, whether or not earlier ones are answered. */
export class Session implements Connection {
  readonly host: HostAddress;
  slot = 0;
  /** On which its server was when it was opened; undefined where that does not tell. */
  timeline: number | undefined;
  readonly #client: Client;
  readonly #settings: SessionSettings;
  #events: SessionEvents | undefined;
  #isConnected = true;
  #isLendable = true;
  #isGathering = false;
  #inFlight = 0;
  #hasAnswered = false;
  #stopWatch: (() => void) | undefined;

  /** `client` is connected, and pipelines. */
  constructor(client: Client, settings: SessionSettings) {
    this.#client = client;
    this.host = settings.host;
    this.#settings = settings;
    client.on("error", () => {
      this.#end();
    });
    client.on("end", () => {
      this.#end();
    });
    client.on("notice", (notice) => {
      if (leavesCommitUnknown(notice)) this.destroy();
    });
  }

  /** From now on its events go there. */
  listen(events: SessionEvents): void {
    this.#events = events;
    if (!this.#isConnected) events.onEnd(this);
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** False once its state is unknown, or a transaction was left open. */
  get isLendable(): boolean {
    const isClean = this.#inFlight > 0 || this.#client.getTransactionStatus() === "I";
    return this.#isConnected && this.#isLendable && isClean;
  }

  send(statement: Statement, values: readonly unknown[] = []): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (!this.#isConnected) {
        reject(gone());
        return;
      }
      this.#gather();
      this.#watch();
      this.#inFlight += 1;
      const { name, text } = statement;
      const query = { name, text, values: [...values], types: columnTypes, rowMode: "array" as const };
      // The driver calls back twice for values that it cannot encode: the first call counts.
      this.#client.query<unknown[]>(query, (error: Error | null, result) => {
        this.#inFlight -= 1;
        this.#hasAnswered = true;
        if (error !== null) reject(this.#failure(error));
        // The warning that leaves a COMMIT unknown comes together with its answer.
        else if (!this.#isConnected) reject(gone());
        else if (result.command === "ROLLBACK" && isCommit(statement)) reject(rolledBack());
        else resolve({ rows: result.rows, count: result.rowCount ?? 0 });
      });
    });
  }

  discard(): void {
    this.#isLendable = false;
  }

  /** Breaks the connection; what is in flight is lost. */
  destroy(): void {
    this.discard();
    this.#client.connection.stream.destroy();
    this.#end();
  }

  /** Says goodbye to the server, once what is in flight is answered. */
  async close(): Promise<void> {
    this.discard();
    if (!this.#isConnected) return;
    const stop = this.#settings.alarm(this.#settings.silenceMsMax, () => {
      this.destroy();
    });
    await this.#client.end();
    stop();
    this.#end();
  }

  #failure(error: Error): StatementError {
    if (error instanceof DatabaseError && endsSession(error)) this.destroy();
    const failure = failureOf(error, this.#isConnected);
    if (failure.reason === "read-only") {
      this.discard();
      this.#events?.onReadOnly(this);
    }
    return failure;
  }

  /** The driver writes each statement on its own: those of one turn are held back, and leave together. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#events?.onFlush();
      stream.uncork();
    });
  }

  #watch(): void {
    if (this.#stopWatch !== undefined) return;
    this.#hasAnswered = false;
    this.#stopWatch = this.#settings.alarm(this.#settings.silenceMsMax, () => {
      this.#stopWatch = undefined;
      if (this.#inFlight === 0) return;
      if (!this.#hasAnswered) this.#events?.onSilence(this);
      if (this.#isConnected) this.#watch();
    });
  }

  #end(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#stopWatch?.();
    this.#events?.onEnd(this);
  }
}

function isCommit({ text }: Statement): boolean {
  return /^commit\b/i.test(text);
}

function gone(): StatementError {
  return new StatementError("lost", { message: "the connection is gone" });
}

/** The server answers the COMMIT of a transaction that failed as if all were well. */
function rolledBack(): StatementError {
  return new StatementError("other", {
    message: "the transaction had failed, and was rolled back",
    code: "25P02",
  });
}
