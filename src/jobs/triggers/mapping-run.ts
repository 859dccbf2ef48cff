import { shardNameOf } from "../../model/shard-name.ts";
import { parseEventPattern } from "../../expressions/event-patterns/parse-event-pattern.ts";
import type { Shard, ShardRef, Stream } from "../../store/change-log/change-log.ts";
import type { Cursor } from "../../store/change-log/cursors.ts";
import type { EventSourceMapping } from "../../store/event-source-mapping.ts";
import { isHeldByAnother } from "../../store/lease.ts";
import { CursorLostError, leaseMs, ShardRun } from "./shard-run.ts";
import { firstSequenceSince } from "./first-sequence-since.ts";
import { TriggerReport } from "./trigger-report.ts";
import type { TriggerTools } from "./trigger-tools.ts";
import { WakeUp } from "./wake-up.ts";

const shardsPerPage = 100;
/** How often it is looked for shards that other servers opened or let go of. */
const looksEveryMs = 1_000;
/** How long a shard is left alone that failed. */
const restMs = 5_000;

/** Under which the cursors of a mapping are kept. */
export function readerIdOf({ id }: EventSourceMapping): string {
  return `trigger/${id}`;
}

/** Serves a mapping as it is until it is told to stop: every shard of its stream, a child only after its parent. */
export class MappingRun {
  readonly mapping: EventSourceMapping;
  readonly #tools: TriggerTools;
  readonly #report: TriggerReport;
  readonly #abort = new AbortController();
  readonly #wakeUp: WakeUp;
  readonly #runs = new Map<number, ShardRun>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #restsUntil = new Map<number, number>();
  readonly #over: Promise<void>;
  #tableId: number | undefined;

  constructor(mapping: EventSourceMapping, tools: TriggerTools) {
    this.mapping = mapping;
    this.#tools = tools;
    const names = { mapping: mapping.id, function: mapping.settings.function.name };
    this.#report = new TriggerReport(names, tools.clock, tools.log);
    this.#wakeUp = new WakeUp(tools.alarm, this.#abort.signal);
    this.#over = this.#run();
  }

  /** Says that there may be records in this table's log. */
  poke(tableId: number): void {
    if (tableId !== this.#tableId) return;
    for (const run of this.#runs.values()) run.poke();
  }

  /** Lets go of what is under way, after a moment of grace. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#over;
    this.#report.tellCounts();
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await this.#startShards();
        await this.#wakeUp.wait(looksEveryMs);
      } catch (error) {
        this.#report.error("trigger failed", { error });
        await this.#wakeUp.wait(restMs);
      }
    }
    await Promise.all(this.#underWay);
  }

  async #startShards(): Promise<void> {
    const { store, clock, owner } = this.#tools;
    const { scope, source } = this.mapping;
    const stream = await store.changeLog.streams.find(scope, source.tableName, source.label);
    if (stream === undefined) return;
    this.#tableId = stream.tableId;
    // Before the shards: another server may open one between the two, and have its cursor taken for that of one erased.
    const listed = await store.cursors.list(readerIdOf(this.mapping));
    const shards = await this.#shardsOf(stream);
    const cursors = await this.#cursorsIn(shards, listed);
    if (cursors === undefined) return;
    const finished = new Set(cursors.flatMap((cursor) => (cursor.finished ? [cursor.shard.shardId] : [])));
    const open = shards.filter(({ shardId }) => !finished.has(shardId));
    const openIds = new Set(open.map(({ shardId }) => shardId));
    const elsewhere = new Set(
      cursors.flatMap((cursor) =>
        isHeldByAnother(cursor, owner, clock.now()) ? [cursor.shard.shardId] : [],
      ),
    );
    for (const shard of open) {
      const { shardId, parentId } = shard;
      const isResting = (this.#restsUntil.get(shardId) ?? 0) > clock.now();
      const isBehindParent = parentId !== undefined && openIds.has(parentId);
      if (isBehindParent || isResting || this.#runs.has(shardId) || elsewhere.has(shardId)) continue;
      await this.#startShard(stream, shard);
    }
  }

  async #shardsOf(stream: Stream): Promise<readonly Shard[]> {
    const shards: Shard[] = [];
    for (;;) {
      const afterShardId = shards.at(-1)?.shardId;
      const page = await this.#tools.store.changeLog.shards(stream, {
        afterShardId,
        shardsMax: shardsPerPage,
      });
      shards.push(...page.shards);
      if (!page.more) return shards;
    }
  }

  /**
   * Of the cursors that were listed those that lead somewhere, and those made that are to be; the others are forgotten.
   * Undefined where the mapping is not as it was any more: its cursors were erased then, and not to be made again.
   */
  async #cursorsIn(
    shards: readonly Shard[],
    listed: readonly Cursor[],
  ): Promise<readonly Cursor[] | undefined> {
    const { cursors } = this.#tools.store;
    const there = new Set(shards.map(({ shardId }) => shardId));
    const known: Cursor[] = [];
    for (const cursor of listed) {
      if (there.has(cursor.shard.shardId)) known.push(cursor);
      else await cursors.remove(cursor);
    }
    if (known.length < shards.length && !(await this.#isCurrent())) return undefined;
    if (this.mapping.startingPosition === "TRIM_HORIZON") return known;
    return [...known, ...(await this.#latestCursors(shards, known))];
  }

  /** Another server may have changed or removed the mapping since it was looked for. */
  async #isCurrent(): Promise<boolean> {
    const { scope, id, version } = this.mapping;
    return (await this.#tools.store.eventSourceMappings.find(scope, id))?.version === version;
  }

  /**
   * Where LATEST begins, in the shards there were when the mapping was made. Of these the youngest gets its cursor
   * first, so that a server that takes over tells from the others those that are new and read from their beginning.
   */
  async #latestCursors(shards: readonly Shard[], known: readonly Cursor[]): Promise<readonly Cursor[]> {
    const youngest = Math.max(0, ...known.map(({ shard }) => shard.shardId));
    const knownIds = new Set(known.map(({ shard }) => shard.shardId));
    const made: Cursor[] = [];
    for (const shard of shards.toReversed()) {
      if (knownIds.has(shard.shardId) || (known.length > 0 && shard.shardId > youngest)) continue;
      const first = await firstSequenceSince(this.mapping.modifiedAt, shard, this.#tools.store.changeLog);
      const cursor = await this.#claim(shard, first - 1);
      if (cursor !== undefined) made.push(cursor);
    }
    return made;
  }

  #claim(shard: ShardRef, startAfter: number): Promise<Cursor | undefined> {
    const { store, owner } = this.#tools;
    const { tableId, shardId } = shard;
    const name = { readerId: readerIdOf(this.mapping), shard: { tableId, shardId } };
    return store.cursors.claim(name, { owner, leaseMs, startAfter });
  }

  async #startShard(stream: Stream, shard: Shard): Promise<void> {
    const cursor = await this.#claim(shard, shard.startSequence - 1);
    if (cursor === undefined || cursor.finished || this.#abort.signal.aborted) return;
    const { mapping } = this;
    const [tools, report] = [this.#tools, this.#report];
    const origin = {
      functionArn: tools.arns.function(mapping),
      streamArn: tools.arns.stream(mapping),
      shardName: shardNameOf(shard),
    };
    const patterns = mapping.settings.filters.flatMap((text) => parseEventPattern(text) ?? []);
    const context = { mapping, tools, report, origin, signal: this.#abort.signal };
    const run = new ShardRun({ stream, shard, cursor, patterns }, context);
    this.#runs.set(shard.shardId, run);
    const underWay = this.#follow(run, shard.shardId);
    this.#underWay.add(underWay);
    void underWay.then(() => this.#underWay.delete(underWay));
  }

  async #follow(run: ShardRun, shardId: number): Promise<void> {
    try {
      await run.run();
    } catch (error) {
      if (!(error instanceof CursorLostError))
        this.#report.error("trigger failed", { error, shard: shardId });
      this.#restsUntil.set(shardId, this.#tools.clock.now() + restMs);
    } finally {
      this.#runs.delete(shardId);
      this.#wakeUp.poke();
    }
  }
}
