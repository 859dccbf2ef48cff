import type { Shard } from "../../store/change-log/change-log.ts";
import type { Cursor } from "../../store/change-log/cursors.ts";
import type { DeliveryReport } from "./delivery-report.ts";
import type { DeliveryTools } from "./delivery-tools.ts";
import { shardsOf, type LogShare } from "./log-share.ts";
import { ShardDelivery, type DeliveryTask, type Step } from "./shard-delivery.ts";

/** So many shards are delivered at a time: all of them together hold so many windows of records. */
const shardsAtOnce = 4;

/** Delivers the shards of a destination's share of a log: a child only after its parent. */
export class ShardDeliveries {
  readonly #share: LogShare;
  readonly #tools: DeliveryTools;
  readonly #report: DeliveryReport;
  readonly #deliveries = new Map<number, ShardDelivery>();

  constructor(share: LogShare, tools: DeliveryTools, report: DeliveryReport) {
    this.#share = share;
    this.#tools = tools;
    this.#report = report;
  }

  /** One step of every shard that may be delivered now. */
  async step(task: DeliveryTask): Promise<readonly Step[]> {
    const due = await this.#due();
    const steps: Step[] = [];
    for (let start = 0; start < due.length; start += shardsAtOnce) {
      if (task.signal.aborted) break;
      const together = due
        .slice(start, start + shardsAtOnce)
        .map((shard) => this.#deliveryOf(shard).step(task));
      // One that fails must not leave others at work on their own: the next round would send beside them.
      await Promise.allSettled(together);
      steps.push(...(await Promise.all(together)));
    }
    return steps;
  }

  /** The shards that are not delivered to their end, though their parents are. */
  async #due(): Promise<readonly Shard[]> {
    // Before the shards: a server that has taken over may open one between the two, whose cursor is to be kept.
    const cursors = await this.#tools.store.cursors.list(this.#share.reader.id);
    const shards = await shardsOf(this.#share, this.#tools);
    const finished = new Set(cursors.flatMap((cursor) => (cursor.finished ? [cursor.shard.shardId] : [])));
    const open = shards.filter(({ shardId }) => !finished.has(shardId));
    const openIds = new Set(open.map(({ shardId }) => shardId));
    const due = open.filter(({ parentId }) => parentId === undefined || !openIds.has(parentId));
    for (const shardId of this.#deliveries.keys())
      if (!openIds.has(shardId)) this.#deliveries.delete(shardId);
    await this.#forgetErased(shards, cursors);
    return due;
  }

  /** Cursors in shards that were erased lead nowhere. */
  async #forgetErased(shards: readonly Shard[], cursors: readonly Cursor[]): Promise<void> {
    const there = new Set(shards.map(({ shardId }) => shardId));
    for (const cursor of cursors) {
      if (!there.has(cursor.shard.shardId)) await this.#tools.store.cursors.remove(cursor);
    }
  }

  #deliveryOf(shard: Shard): ShardDelivery {
    const known = this.#deliveries.get(shard.shardId) ?? new ShardDelivery(shard, this.#tools, this.#report);
    this.#deliveries.set(shard.shardId, known);
    return known;
  }
}
