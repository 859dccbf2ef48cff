/**
 * The shortest writes: one item of a table from which nothing is derived. Where nobody asks what the item is now, or
 * the engine is far away, there is no need of a transaction.
 */
import type { Engine, Exchange, Exchanged } from "../engine/engine.ts";
import { decide, type PlannedWrites } from "./apply-writes.ts";
import { decodeItem } from "./item-codec.ts";
import { sizeInHeaderAt } from "./item-header.ts";
import { statisticsKey } from "./keyspace.ts";
import type { PlannedWrite } from "./maintainer.ts";
import { tablePart } from "./statistics.ts";
import { checkStamp, encodeStamp, StaleTableError } from "./table-stamp.ts";
import type { Outcome } from "./write.ts";

/** A larger item is not sent once more only to see that it is still the same. */
const expectedBytesMax = 16_384;

export class ItemExchanges {
  readonly #engine: Engine;
  /** The items that are being looked at and exchanged: whoever comes second would meet a change. */
  readonly #underWay = new Set<string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Undefined where only a transaction will do. */
  async write(plan: PlannedWrites): Promise<Outcome | undefined> {
    const [planned] = plan.writes;
    const [stamp] = plan.stamps;
    if (planned === undefined || stamp === undefined) return undefined;
    if (plan.writes.length > 1 || plan.maintainers.length > 0) return undefined;
    if (isBlind(planned)) return this.#replace(planned, stamp);
    return this.#engine.isDistant ? this.#changeAlone(planned, stamp, plan.writtenAt) : undefined;
  }

  async #replace(planned: PlannedWrite, stamp: Uint8Array): Promise<Outcome> {
    const { put } = planned;
    const exchanged = await this.#exchange(planned, { stamp, value: put?.bytes });
    const before = exchanged.kind === "done" ? exchanged.before : undefined;
    return { kind: "written", before: before && decodeItem(before), after: put, indexes: [] };
  }

  /** One look and one exchange are cheaper than a transaction, but of no use where many want one item. */
  async #changeAlone(
    planned: PlannedWrite,
    stamp: Uint8Array,
    writtenAt: number,
  ): Promise<Outcome | undefined> {
    const name = Buffer.from(planned.key).toString("latin1");
    if (this.#underWay.has(name)) return undefined;
    this.#underWay.add(name);
    try {
      return await this.#change(planned, stamp, writtenAt);
    } finally {
      this.#underWay.delete(name);
    }
  }

  /** Undefined when somebody else changed the item in between. */
  async #change(planned: PlannedWrite, stamp: Uint8Array, writtenAt: number): Promise<Outcome | undefined> {
    const { write, key, put } = planned;
    const [version, value] = await this.#engine.getMany([stamp, key]);
    checkStamp(write.table, version);
    if (value !== undefined && value.length > expectedBytesMax) return undefined;
    const before = value && decodeItem(value);
    const outcome = decide(write, put, before, writtenAt);
    if (outcome.kind === "refused" || outcome.after === before) return outcome;
    const exchange = { stamp, value: outcome.after?.bytes, expected: value ?? null };
    const exchanged = await this.#exchange(planned, exchange);
    return exchanged.kind === "done" ? outcome : undefined;
  }

  async #exchange(
    { write: { table }, key }: PlannedWrite,
    { stamp, value, expected }: Pick<Exchange, "value" | "expected"> & { readonly stamp: Uint8Array },
  ): Promise<Exclude<Exchanged, { kind: "refused" }>> {
    const exchanged = await this.#engine.exchange({
      ...{ key, value, expected },
      guard: { key: stamp, value: encodeStamp(table.version) },
      tally: { key: statisticsKey(table.id), part: tablePart, sizeAt: sizeInHeaderAt },
    });
    if (exchanged.kind === "refused") throw new StaleTableError();
    return exchanged;
  }
}

/** Whether the item does not matter that is there. */
function isBlind({ write: { allows, change } }: PlannedWrite): boolean {
  return allows === undefined && (change.kind === "put" || change.kind === "delete");
}
