/** The composition root: puts the parts together, opens the port, and takes all of it down again. */
import { systemAlarm } from "../base/alarm.ts";
import { systemClock, type Clock } from "../base/clock.ts";
import { silentLog, type Log } from "../base/log.ts";
import { openMovableTime, type MovableTime } from "../base/movable-time.ts";
import type { Engine } from "../engine/engine.ts";
import { createDispatch } from "../operations/dispatch.ts";
import { operationOf } from "../operations/registry.ts";
import { createAwsJsonListeners } from "../protocols/aws-json/listener.ts";
import { withClockPage } from "../protocols/clock/clock-page.ts";
import { openStore } from "../store/open-store.ts";
import { openHttp, type HttpListeners } from "./http.ts";
import { isLoopback } from "./loopback.ts";
import { createRequestIds } from "./request-id.ts";
import { startJobs } from "./start-jobs.ts";

export interface ServerOptions {
  /** The address to listen on. Default 127.0.0.1: callers are not verified, so only this machine may call. */
  readonly host?: string | undefined;
  /** INSECURE: allows a `host` that other machines reach, though nobody's credentials are verified. */
  readonly insecureAllowRemote?: boolean | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Where tables are kept, on disk. Absent: in memory, gone with `close`. */
  readonly dataFolder?: string | undefined;
  /** `strict` (default) acknowledges a write once it is on disk; `relaxed` before that. Without meaning in memory. */
  readonly durability?: "strict" | "relaxed" | undefined;
  /** The region of calls that name none; default us-east-1. */
  readonly region?: string | undefined;
  /** The account of access keys that name none; default 000000000000. */
  readonly accountId?: string | undefined;
  /** How long tables show CREATING, UPDATING and DELETING, in milliseconds; default 0. */
  readonly tableDelayMs?: number | undefined;
  /** How long items outlive their time to live at least, in milliseconds; default 1,000. */
  readonly expiryLagMs?: number | undefined;
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** For development: lets `advanceClock` and `PUT /_stator/clock` move the time forward. Only on a loopback `host`. */
  readonly devClock?: boolean | undefined;
}

export interface RunningServer {
  /** Where SDKs are pointed at, such as `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  /** Moves the time of the server forward, for tests: it was started with `devClock`. */
  advanceClock(ms: number): void;
  /** Takes no more requests, finishes those under way and lets go of port, folder and memory. */
  close(): Promise<void>;
}

/** Starts a server. Rejects when the port or the data folder cannot be had. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, log = silentLog } = options;
  if (!isLoopback(host) && options.insecureAllowRemote !== true) {
    throw new Error(`other machines reach ${host}, and callers are not verified: see insecureAllowRemote`);
  }
  if (!isLoopback(host) && options.devClock === true) {
    throw new Error(
      `other machines reach ${host}, and could move the clock: devClock is for this machine only`,
    );
  }
  const engine = await openEngine(options);
  const application = createApplication(engine, options);
  const stop = async () => {
    await application.stop();
    await engine.close();
  };
  try {
    const http = await openHttp(application.listeners, host, port);
    return {
      endpoint: http.endpoint,
      advanceClock(ms) {
        if (application.time === undefined) throw new Error("the clock moves only where devClock allows it");
        application.time.advance(ms);
      },
      async close() {
        await http.close();
        await stop();
        log.info("server closed");
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openEngine({ dataFolder, durability = "strict" }: ServerOptions): Promise<Engine> {
  if (dataFolder === undefined) {
    const { openMemoryEngine } = await import("../engine/memory/open-memory-engine.ts");
    return openMemoryEngine();
  }
  const { openLmdbEngine } = await import("../engine/lmdb/open-lmdb-engine.ts");
  return openLmdbEngine({ folder: dataFolder, durability });
}

function createApplication(engine: Engine, options: ServerOptions) {
  const { region = "us-east-1", accountId = "000000000000", log = silentLog } = options;
  const time = options.devClock === true ? openMovableTime(options.clock) : undefined;
  const { clock, alarm } = time ?? { clock: options.clock ?? systemClock, alarm: systemAlarm };
  const store = openStore({
    engine,
    clock,
    onWork: (work) => {
      jobs.poke(work);
    },
  });
  const jobs = startJobs(store, { clock, alarm, log, expiryLagMs: options.expiryLagMs ?? 1_000 });
  const dispatch = createDispatch({
    store,
    clock,
    settings: { tableDelayMs: options.tableDelayMs ?? 0 },
    log,
    onFailure(error, { operation, requestId }) {
      log.error("request failed", { error, operation, requestId });
    },
  });
  const listeners = createAwsJsonListeners({
    dispatch,
    operationOf,
    defaults: { region, accountId },
    clock,
    newRequestId: createRequestIds(),
    onBug(error, requestId) {
      log.error("answer failed", { error, requestId });
    },
  });
  return { listeners: withClock(listeners, time), time, stop: () => jobs.stop() };
}

function withClock(listeners: HttpListeners, time: MovableTime | undefined): HttpListeners {
  return time === undefined ? listeners : { ...listeners, request: withClockPage(time, listeners.request) };
}
