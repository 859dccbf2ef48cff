import { compareBytes } from "../../base/bytes.ts";
import {
  EngineBusyError,
  EngineError,
  type ChunkRequest,
  type ChunkWithValues,
  type Consistency,
  type Engine,
  type Exchange,
  type Exchanged,
  type ReadView,
  type Transaction,
} from "../engine.ts";
import { StatementError, type Connections, type Role } from "./connections/connections.ts";
import type { SqlDialect } from "./dialects.ts";
import { exchangesTogether, type Exchanges } from "./exchanges-together.ts";
import { exchangeWithin } from "./exchange-within.ts";
import { foldTally, type TallyPart } from "./fold-tally.ts";
import { getsTogether, type Gets, type Keys, type Values } from "./gets-together.ts";
import { Lender } from "./lender.ts";
import { assertFits, postgresLimits } from "./limits.ts";
import type { Surroundings } from "./postgres-options.ts";
import { PostgresTransaction } from "./postgres-transaction.ts";
import { PostgresView, readChunk } from "./postgres-view.ts";
import { retrying } from "./retry.ts";
import { runBody } from "./run-body.ts";
import { prepareSchema } from "./schema.ts";
import { statementsFor, type Statements } from "./statements.ts";

export interface EngineSettings {
  readonly dialect: SqlDialect;
  readonly eventualReads: Role;
  /** How many requests may wait to go together. */
  readonly waitingMax: number;
  readonly surroundings: Surroundings;
}

/** A PostgreSQL database as an engine. Several may be open on one database, in several processes. */
export class PostgresEngine implements Engine {
  readonly limits = postgresLimits;
  readonly isDistant = true;
  readonly #lender: Lender;
  readonly #settings: EngineSettings;
  readonly #statements: Statements;
  readonly #gets: Readonly<Record<Role, Gets>>;
  readonly #exchanges: Exchanges;
  #isFolding = false;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(connections: Connections, settings: EngineSettings) {
    this.#settings = settings;
    this.#statements = statementsFor(settings.dialect);
    this.#lender = new Lender(connections);
    const means = { ...settings, lender: this.#lender, statements: this.#statements };
    this.#gets = { primary: getsTogether("primary", means), standby: getsTogether("standby", means) };
    this.#exchanges = exchangesTogether(means);
  }

  /** To be called once, before anything else. */
  async prepare(): Promise<void> {
    const { dialect, surroundings } = this.#settings;
    await retrying(surroundings, () =>
      this.#lender.with("primary", (connection) => prepareSchema(connection, dialect)),
    );
  }

  getMany(keys: Keys, consistency?: Consistency): Promise<Values> {
    if (keys.length === 0) return Promise.resolve([]);
    return this.#tracked(this.#gets[this.#roleFor(consistency)].add(keys));
  }

  readChunk(request: ChunkRequest, consistency?: Consistency): Promise<ChunkWithValues> {
    const role = this.#roleFor(consistency);
    const attempt = () =>
      this.#lender.with(role, (connection) =>
        readChunk(request, this.#statements, connection.send.bind(connection)),
      );
    return this.#tracked(retrying(this.#settings.surroundings, attempt));
  }

  read<T>(body: (view: ReadView) => Promise<T>, consistency?: Consistency): Promise<T> {
    const role = this.#roleFor(consistency);
    return this.#tracked(retrying(this.#settings.surroundings, () => this.#readOnce(body, role)));
  }

  #readOnce<T>(body: (view: ReadView) => Promise<T>, role: Role): Promise<T> {
    return this.#lender.answering<T>(role, async (connection, answer) => {
      const view = new PostgresView(connection, this.#statements, (tally) => {
        this.#fold(tally);
      });
      try {
        answer(await body(view));
      } catch (error) {
        throw view.hasRead ? error : reasonOf(error);
      } finally {
        await view.end();
      }
    });
  }

  /** Nobody waits for it: the next reader tries again. */
  #fold(tally: TallyPart): void {
    if (this.#isFolding) return;
    this.#isFolding = true;
    const folding = this.#lender.with("primary", (connection) =>
      foldTally(connection, this.#statements, tally),
    );
    const done = () => {
      this.#isFolding = false;
    };
    void this.#tracked(folding.then(done, done));
  }

  write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T> {
    const attempt = () =>
      this.#lender.answering<T>("primary", (connection, answer) =>
        runBody(new PostgresTransaction(connection, this.#statements), body, answer),
      );
    return this.#tracked(retrying(this.#settings.surroundings, attempt));
  }

  exchange(exchange: Exchange): Promise<Exchanged> {
    return this.#tracked(this.#exchange(exchange));
  }

  async #exchange(exchange: Exchange): Promise<Exchanged> {
    assertFits(exchange.key, exchange.value);
    const exchanged = this.#isOneStatement(exchange) ? await this.#exchanges.add(exchange) : undefined;
    return exchanged ?? this.write((transaction) => exchangeWithin(transaction, exchange));
  }

  #isOneStatement({ key, guard }: Exchange): boolean {
    return this.#settings.dialect.exchangesInOneStatement && compareBytes(key, guard.key) !== 0;
  }

  #roleFor(consistency: Consistency = "strong"): Role {
    return consistency === "eventual" ? this.#settings.eventualReads : "primary";
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  async close(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#lender.close();
  }
}

/** A body that has seen nothing yet may begin again. */
function reasonOf(error: unknown): unknown {
  const isOfEngine = error instanceof EngineError || error instanceof EngineBusyError;
  return isOfEngine && error.cause instanceof StatementError ? error.cause : error;
}
