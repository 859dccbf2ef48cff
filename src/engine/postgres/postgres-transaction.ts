import { assert } from "../../base/assert.ts";
import { bufferOf } from "../../base/bytes.ts";
import type { Amounts, Hold, Transaction } from "../engine.ts";
import { byteaArray, nameOf } from "./bytea.ts";
import { planCommit, type Known, type Staged, type Write } from "./commit-plan.ts";
import { StatementError, type Connection, type Rows, type Statement } from "./connections/connections.ts";
import { assertFits } from "./limits.ts";
import { bytesIn, valuesByName } from "./read-many.ts";
import { sendCommit } from "./send-commit.ts";
import { StagedTallies } from "./staged-tallies.ts";
import type { Statements } from "./statements.ts";

/**
 * One run of a body, at READ COMMITTED. Rows that it reads are held until the end. What it finds absent cannot be held:
 * the commit puts a row there that must not be there yet, and takes it away again if the body put none. So at the
 * commit everything is as it was read, and everything read or written is held.
 */
export class PostgresTransaction implements Transaction {
  readonly #connection: Connection;
  readonly #statements: Statements;
  readonly #known = new Map<string, Known>();
  readonly #staged = new Map<string, Staged>();
  readonly #tallies = new StagedTallies();
  readonly #reading = new Set<Promise<void>>();
  #reads = 0;
  #failure: StatementError | undefined;
  #isOver = false;

  constructor(connection: Connection, statements: Statements) {
    this.#connection = connection;
    this.#statements = statements;
  }

  async getMany(
    keys: readonly Uint8Array[],
    hold: Hold = "exclusive",
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const wanted = new Map<string, Uint8Array>();
    const names = keys.map(nameOf);
    names.forEach((name, index) => {
      const key = keys[index];
      if (key !== undefined && !this.#isAtHand(name, hold)) wanted.set(name, key);
    });
    if (wanted.size > 0) await this.#hold(wanted, hold);
    return names.map((name) => (this.#staged.get(name) ?? this.#known.get(name))?.value);
  }

  #isAtHand(name: string, hold: Hold): boolean {
    const known = this.#known.get(name);
    return this.#staged.has(name) || (known !== undefined && strength[known.hold] >= strength[hold]);
  }

  async #hold(wanted: ReadonlyMap<string, Uint8Array>, hold: Hold): Promise<void> {
    assert(!this.#isOver, "a transaction is not used after its body ended");
    if (this.#reads === 0) this.#begin().catch(this.#fail);
    const holding = this.#remember(wanted, { hold, read: this.#reads++ });
    this.#reading.add(holding);
    try {
      await holding;
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      this.#reading.delete(holding);
    }
  }

  /** Where it fails, what is sent behind it may well be done: each statement as a transaction of its own. */
  #begin(): Promise<unknown> {
    return this.#connection.send(this.#statements.beginTransaction);
  }

  /** Whatever the body makes of a failure, the transaction has failed. */
  readonly #fail = (error: unknown): void => {
    if (error instanceof StatementError) this.#failure ??= error;
  };

  async #remember(
    wanted: ReadonlyMap<string, Uint8Array>,
    { hold, read }: Pick<Known, "hold" | "read">,
  ): Promise<void> {
    const found = await this.#find([...wanted.values()], hold);
    for (const [name, key] of wanted) {
      const value = found.get(name);
      const before = this.#known.get(name);
      if (before !== undefined && before.value === undefined && value !== undefined) {
        throw new StatementError("serialization", { message: "a row came where the transaction saw none" });
      }
      const strongest = before !== undefined && strength[before.hold] > strength[hold] ? before.hold : hold;
      this.#known.set(name, { key, value, hold: strongest, read: before?.read ?? read });
    }
  }

  async #find(keys: readonly Uint8Array[], hold: Hold): Promise<Map<string, Uint8Array>> {
    const [first] = keys;
    if (first === undefined || keys.length > 1) {
      return valuesByName(await this.#send(this.#statements.holdMany[hold], byteaArray(keys)));
    }
    const { rows } = await this.#send(this.#statements.hold[hold], bufferOf(first));
    const value = bytesIn(rows[0]?.[0]);
    return new Map(value === undefined ? [] : [[nameOf(first), value]]);
  }

  #send(statement: Statement, value: Buffer): Promise<Rows> {
    return this.#connection.send(statement, [value]);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    assertFits(key, value);
    this.#stage({ key, value });
  }

  delete(key: Uint8Array): void {
    this.#stage({ key, value: undefined });
  }

  #stage(staged: Staged): void {
    const name = nameOf(staged.key);
    assert(this.#known.get(name)?.hold !== "shared", "a transaction does not write what it holds as shared");
    this.#staged.set(name, staged);
  }

  add(key: Uint8Array, part: number, amounts: Amounts): void {
    this.#tallies.add(key, part, amounts);
  }

  removeTally(key: Uint8Array, part?: number): void {
    this.#tallies.remove(key, part);
  }

  /** Waits for reads that the body did not wait for. Rejects if a statement failed, whether or not the body noticed. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#reading);
    this.#isOver = true;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** What the body wrote, with what confirms what it read. */
  writes(): readonly Write[] {
    const tallies = this.#tallies.writes(this.#statements, this.#connection.slot);
    const entries = planCommit(
      { known: this.#known, staged: this.#staged, writesMore: tallies.length > 0 },
      this.#statements,
    );
    return [...entries, ...tallies];
  }

  /** What confirms what the body read, of one that writes nothing. Mostly there is no need. */
  confirmations(): readonly Write[] {
    return planCommit({ known: this.#known, staged: new Map(), writesMore: false }, this.#statements);
  }

  /** Resolves once everything is committed. Rejects with a `StatementError` when nothing is. */
  async commit(writes: readonly Write[]): Promise<void> {
    const begun = this.#reads === 0 ? this.#begin() : undefined;
    await sendCommit(this.#connection, this.#statements, { begun, writes });
  }

  /** Lets go of what is held. */
  async rollback(): Promise<void> {
    if (this.#reads === 0) return;
    try {
      await this.#connection.send(this.#statements.rollback);
    } catch {
      this.#connection.discard();
    }
  }
}

/** What is held in one way is held in all weaker ones. */
const strength: Readonly<Record<Hold, number>> = { shared: 0, exclusive: 1, sole: 2 };
