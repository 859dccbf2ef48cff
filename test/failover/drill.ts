import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../bench/load/random.ts";
import type { Uncertainty } from "../crash/ledger.ts";
import { fill } from "../crash/writer.ts";
import type { Program } from "../server-process.ts";
import { audit, listenTo, type Listeners } from "./audit.ts";
import { Books } from "./books.ts";
import type { FailingCluster, Failover, Failure, Repair } from "./cluster.ts";
import { isUnavailable } from "./fate.ts";
import { Fleet } from "./fleet.ts";
import { createTables } from "./tables.ts";
import { Timeline } from "./timeline.ts";
import { keepWriting, type Load } from "./writers.ts";

/** What goes wrong in one round. */
export interface Mishap {
  readonly failure: Failure;
  /** A server is killed as well, a little before or after. */
  readonly killsServer: boolean;
}

export interface DrillOptions {
  readonly cluster: FailingCluster;
  readonly program: Program;
  /** What the servers are started with, beside the port. */
  readonly options: readonly string[];
  readonly servers: number;
  readonly writers: number;
  readonly mishaps: readonly Mishap[];
  readonly rounds: number;
  readonly seed: number;
  /** For how long there is load before a failure and after it, about. */
  readonly loadMs: number;
  readonly progress?: ((report: RoundReport) => void) | undefined;
}

/** What one round went through; whatever was wrong has been thrown. */
export interface RoundReport {
  readonly mishap: Mishap;
  readonly isSameNode: boolean;
  readonly isRewound: boolean;
  readonly acknowledged: number;
  readonly refused: number;
  /** Requests without an answer. */
  readonly unknown: number;
  readonly uncertainty: Uncertainty;
  /** From the failure to a primary that takes writes. */
  readonly promotionMs: number;
  /** From then on to the first commit of somebody who is connected to it. */
  readonly writableMs: number;
  /** From the last acknowledged write before to the first one after. */
  readonly gapMs: number;
  /** From the promotion to the first write that each server acknowledged; undefined for one that was killed. */
  readonly backMs: readonly (number | undefined)[];
}

/** By then every server acknowledges writes again, or the drill fails. */
const backMsMax = 40_000;
/** A request that was sent to a killed server may still be at work in the database. */
const settleMs = 1_000;

/**
 * Writes through several servers to one database, lets its primary fail under that load, and holds what is stored
 * afterwards against what was acknowledged; again and again. Rejects at the first difference.
 */
export async function runDrill(options: DrillOptions): Promise<readonly RoundReport[]> {
  const { servers, writers, program, rounds, mishaps, seed, progress } = options;
  const random = createRandom(seed);
  const fleet = await Fleet.start(servers, { program, options: options.options });
  try {
    const { client } = fleet.member(0);
    const arns = await createTables(client);
    const books = new Books();
    await Promise.all(
      Array.from({ length: writers }, (_, writer) => fill(writer, { client, ledger: books })),
    );
    const listeners = listenTo(arns, random);
    const reports: RoundReport[] = [];
    for (let round = 0; round < rounds; round++) {
      const mishap = mishaps[round % mishaps.length];
      if (mishap === undefined) throw new Error("nothing is to go wrong");
      const load = { fleet, books, random, timeline: new Timeline(servers), goesOn: true };
      const failure = await failUnderLoad(load, { ...options, mishap, listeners });
      const { wrong, uncertainty } = await audit(fleet.member(round % servers), { books, listeners });
      if (wrong.length > 0) throw new Error(`round ${round}:\n${wrong.slice(0, 20).join("\n")}`);
      const report = describeRound(load, { ...failure, mishap, uncertainty });
      progress?.(report);
      reports.push(report);
    }
    await auditFromTheBeginning(fleet, { books, listeners: listenTo(arns, random) });
    return reports;
  } catch (error) {
    throw new Error(`seed ${seed}; the servers said:\n${fleet.output()}`, { cause: error });
  } finally {
    await fleet.close();
  }
}

async function auditFromTheBeginning(fleet: Fleet, books: Parameters<typeof audit>[1]): Promise<void> {
  const { wrong } = await audit(fleet.member(0), books);
  if (wrong.length > 0) throw new Error(`at the end:\n${wrong.slice(0, 20).join("\n")}`);
}

async function failUnderLoad(
  load: Load,
  { cluster, mishap, listeners, loadMs, writers }: DrillOptions & { mishap: Mishap; listeners: Listeners },
): Promise<{ failover: Failover; repair: Repair }> {
  const work = Promise.all([
    ...Array.from({ length: writers }, (_, writer) => keepWriting(writer, load)),
    keepFollowing(listeners, load),
  ]);
  const fail = async () => {
    await delay(loadMs * (0.5 + load.random()));
    if (load.timeline.unknown > 0) throw new Error("requests fail though nothing else has");
    const killed = mishap.killsServer ? killAServer(load) : undefined;
    const failover = await cluster.fail(mishap.failure);
    await waitUntilBack(load, failover);
    await killed;
    const repair = await cluster.repair();
    await delay(loadMs * (0.5 + load.random()));
    load.goesOn = false;
    return { failover, repair };
  };
  try {
    // Whatever a writer finds wrong ends the round at once.
    const failure = await Promise.race([
      fail(),
      work.then(() => Promise.reject(new Error("the load has ended"))),
    ]);
    await work;
    await delay(settleMs);
    return failure;
  } finally {
    load.goesOn = false;
    await work.catch(() => undefined);
  }
}

/** Kills a server about when the database fails, and starts it again later. */
async function killAServer({ fleet, random }: Load): Promise<void> {
  const index = Math.floor(random() * fleet.size);
  await delay(random() * 500);
  await fleet.kill(index);
  await delay(random() * 3_000);
  await fleet.restart(index);
}

/** Waits until every server that lives has acknowledged a write since the promotion. */
async function waitUntilBack({ fleet, timeline }: Load, { promotedAt }: Failover): Promise<void> {
  const end = performance.now() + backMsMax;
  for (;;) {
    const away = fleet.alive.filter((server) => timeline.firstAfter(server, promotedAt) === undefined);
    if (away.length === 0) return;
    if (performance.now() > end)
      throw new Error(
        `${backMsMax} ms after the promotion server ${away.join(" and ")} acknowledges nothing`,
      );
    await delay(10);
  }
}

/** Reads the streams under load: whoever reads must not overtake those who write. */
async function keepFollowing({ items, steps }: Listeners, load: Load): Promise<void> {
  while (load.goesOn) {
    await delay(100);
    const index = load.fleet.alive[Math.floor(load.random() * load.fleet.alive.length)];
    if (index === undefined) continue;
    const { streams } = load.fleet.member(index);
    try {
      await items.round(streams);
      await steps.round(streams);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }
}

function describeRound(
  { timeline }: Load,
  {
    failover,
    repair,
    ...known
  }: { mishap: Mishap; failover: Failover; repair: Repair; uncertainty: Uncertainty },
): RoundReport {
  const { acknowledged, refused, unknown } = timeline;
  return {
    ...known,
    ...{ acknowledged, refused, unknown },
    isSameNode: failover.isSameNode,
    isRewound: repair.isRewound,
    promotionMs: failover.promotedAt - failover.failedAt,
    writableMs: failover.writableAt - failover.promotedAt,
    ...timeline.measure(failover),
  };
}
