import { assert } from "../../base/assert.ts";
import { bufferOf, compareBytes } from "../../base/bytes.ts";
import type {
  Amounts,
  Chunk,
  ChunkRequest,
  ChunkWithValues,
  KeyRange,
  ReadView,
  ScanOptions,
  Tally,
} from "../engine.ts";
import { byteaArray, nameOf } from "./bytea.ts";
import { StatementError, type Connection, type Rows, type Statement } from "./connections/connections.ts";
import { rowsMax, type TallyPart } from "./fold-tally.ts";
import { readMany, valuesByName } from "./read-many.ts";
import { engineErrorOf } from "./retry.ts";
import type { Statements } from "./statements.ts";

const empty: Chunk = { entries: [], exhausted: true };
const noBytes = Buffer.alloc(0);

/** One moment of the database: that of the first read. */
export class PostgresView implements ReadView {
  readonly #connection: Connection;
  readonly #statements: Statements;
  readonly #onCrowded: (tally: TallyPart) => void;
  /** Whether the body has seen anything of its moment. */
  hasRead = false;
  #state: "new" | "begun" | "ended" = "new";
  /** Why there is no view: what is read regardless is of more than one moment. */
  #failure: StatementError | undefined;

  /** `onCrowded` hears of tallies that have become slow to read. */
  constructor(connection: Connection, statements: Statements, onCrowded: (tally: TallyPart) => void) {
    this.#connection = connection;
    this.#statements = statements;
    this.#onCrowded = onCrowded;
  }

  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return readMany(keys, this.#statements, (statement, values) => this.#send(statement, values));
  }

  async scan({ from, until }: KeyRange, options: ScanOptions): Promise<Chunk> {
    const { reverse = false, entriesMax, bytesMax, values = true } = options;
    if (compareBytes(from, until) >= 0) return empty;
    const statements = this.#statements.scan[reverse ? "backward" : "forward"];
    // One more than asked for tells whether the range is exhausted.
    const range = [bufferOf(from), bufferOf(until), entriesMax + 1];
    if (!values) return chunkOf(await this.#send(statements.keys, range), entriesMax);
    if (bytesMax === undefined) return chunkOf(await this.#send(statements.entries, range), entriesMax);
    return boundedChunkOf(await this.#send(statements.bounded, [...range, bytesMax]));
  }

  async tally(key: Uint8Array): Promise<Tally> {
    const { rows } = await this.#send(this.#statements.tally, [bufferOf(key)]);
    const tally = new Map<number, Amounts>();
    for (const [part, count, bytes, summands] of rows) {
      tally.set(Number(part), { count: Number(count), bytes: Number(bytes) });
      if (Number(summands) > rowsMax) this.#onCrowded({ key, part: Number(part) });
    }
    return tally;
  }

  async #send(statement: Statement, values: readonly unknown[]): Promise<Rows> {
    assert(this.#state !== "ended", "a view is not used after its body ended");
    if (this.#state === "new") {
      this.#state = "begun";
      this.#connection.send(this.#statements.beginView).catch((error: unknown) => {
        if (error instanceof StatementError) this.#failure = error;
      });
    }
    try {
      const rows = await this.#connection.send(statement, values);
      if (this.#failure !== undefined) throw this.#failure;
      this.hasRead = true;
      return rows;
    } catch (error) {
      throw engineErrorOf(error);
    }
  }

  /** Resolves when the connection is free for others; the view's caller has no reason to wait for that. */
  async end(): Promise<void> {
    const isBegun = this.#state === "begun";
    this.#state = "ended";
    if (!isBegun) return;
    try {
      await this.#connection.send(this.#statements.rollback);
    } catch {
      this.#connection.discard();
    }
  }
}

/** One chunk of a range and the values of some keys, in one statement, which sees one moment. */
export async function readChunk(
  { keys, range: { from, until }, options }: ChunkRequest,
  { scan }: Statements,
  send: (statement: Statement, values: readonly unknown[]) => Promise<Rows>,
): Promise<ChunkWithValues> {
  const { reverse = false, entriesMax, bytesMax = Number.MAX_SAFE_INTEGER } = options;
  const { rows } = await send(scan[reverse ? "backward" : "forward"].withKeys, [
    ...[bufferOf(from), bufferOf(until), entriesMax + 1, bytesMax],
    byteaArray(keys),
  ]);
  const split = rows.findIndex(([, , there]) => there !== null);
  const ofKeys = split < 0 ? rows : rows.slice(0, split);
  const found = valuesByName({ rows: ofKeys, count: ofKeys.length });
  return {
    values: keys.map((key) => found.get(nameOf(key))),
    chunk: boundedChunkOf({ rows: rows.slice(ofKeys.length), count: rows.length - ofKeys.length }),
  };
}

function chunkOf({ rows }: Rows, entriesMax: number): Chunk {
  return { entries: rows.slice(0, entriesMax).map(entryIn), exhausted: rows.length <= entriesMax };
}

function boundedChunkOf({ rows }: Rows): Chunk {
  const there = Number(rows[0]?.[2] ?? 0);
  return { entries: rows.map(entryIn), exhausted: rows.length === there };
}

function entryIn([key, value]: readonly unknown[]) {
  assert(key instanceof Uint8Array, "an entry has a key");
  return { key, value: value instanceof Uint8Array ? value : noBytes };
}
