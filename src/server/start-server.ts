/** The composition root: puts the parts together, opens the port, and takes all of it down again. */
import { systemAlarm } from "../base/alarm.ts";
import { pathToFileURL } from "node:url";
import { systemClock, type Clock } from "../base/clock.ts";
import { silentLog, type Log } from "../base/log.ts";
import { openMovableTime, type MovableTime } from "../base/movable-time.ts";
import { newUuid } from "../base/uuid.ts";
import type { Engine } from "../engine/engine.ts";
import { openKinesis, type KinesisCredentials } from "../jobs/kinesis/kinesis-stream.ts";
import { createDispatch } from "../operations/dispatch.ts";
import { functionArn } from "../operations/lambda/function-reference.ts";
import { createLambdaDispatch } from "../operations/lambda/lambda-dispatch.ts";
import { operationOf } from "../operations/registry.ts";
import type { Settings } from "../operations/settings.ts";
import { streamArn } from "../operations/table-arn.ts";
import { createAwsJsonListeners } from "../protocols/aws-json/listener.ts";
import { withClockPage } from "../protocols/clock/clock-page.ts";
import { withLambda } from "../protocols/rest-json/lambda-listener.ts";
import { checkNoMigration } from "../store/migration/migration-record.ts";
import { openStore } from "../store/open-store.ts";
import { parseEngineUrl, type EngineUrl } from "./engine-url.ts";
import { functionTargets } from "./function-targets.ts";
import { openHttp, type HttpListeners } from "./http.ts";
import { kinesisSettings } from "./kinesis-settings.ts";
import { isLoopback } from "./loopback.ts";
import { openEngine, type PostgresSettings } from "./open-engine.ts";
import { createRequestIds } from "./request-id.ts";
import { startJobs } from "./start-jobs.ts";
import { tellFailure } from "./triggers/failure-destinations.ts";
import { openFunctions, type OpenFunctions } from "./triggers/open-functions.ts";

export interface ServerOptions {
  /** The address to listen on. Default 127.0.0.1: callers are not verified, so only this machine may call. */
  readonly host?: string | undefined;
  /** INSECURE: allows a `host` that other machines reach, though nobody's credentials are verified. */
  readonly insecureAllowRemote?: boolean | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Where tables are kept, on disk. Absent: in memory, gone with `close`, unless there is an `engine`. */
  readonly dataFolder?: string | undefined;
  /** Where tables are kept otherwise: `memory:`, `lmdb:DIR` or `postgres://USER@HOST:PORT/DATABASE`. */
  readonly engine?: string | undefined;
  /** What is asked of the database that `engine` names. */
  readonly postgres?: PostgresSettings | undefined;
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
  /** How many shards a stream begins with; default one, which is the easiest to follow. */
  readonly streamShards?: number | undefined;
  /** How much a shard of a stream takes before it is cut in two, in bytes; default a gigabyte. */
  readonly streamShardBytesMax?: number | undefined;
  /** Where Kinesis is, for tables with a Kinesis destination; default as the AWS SDK finds it. */
  readonly kinesisEndpoint?: string | undefined;
  /** Who delivers there; default as the AWS SDK finds it. */
  readonly kinesisCredentials?: KinesisCredentials | undefined;
  readonly log?: Log | undefined;
  readonly clock?: Clock | undefined;
  /** For development: lets `advanceClock` and `PUT /_stator/clock` move the time forward. Only on a loopback `host`. */
  readonly devClock?: boolean | undefined;
  /** The functions that triggers call, by name: the path of a module, or a URL that takes events. */
  readonly functions?: Readonly<Record<string, string>> | undefined;
  /** Who runs all other functions: an endpoint of Lambda's Invoke. */
  readonly lambdaEndpoint?: string | undefined;
  /** How long a module may take for one call, in milliseconds; default a minute. */
  readonly functionTimeoutMs?: number | undefined;
  /** Where queues and topics are that are told of batches given up; default as the AWS SDK finds them. */
  readonly sqsEndpoint?: string | undefined;
  readonly snsEndpoint?: string | undefined;
  /** The folder in which triggers may tell files of batches given up; default none. */
  readonly failureFolder?: string | undefined;
}

export interface RunningServer {
  /** Where SDKs are pointed at, such as `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  /** Moves the time of the server forward, for tests: it was started with `devClock`. */
  advanceClock(ms: number): void;
  /** Takes no more requests, finishes those under way and lets go of port, folder and memory. */
  close(): Promise<void>;
}

/** Starts a server. Rejects when the port, the data folder or the database cannot be had. */
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
  const functions = openConfiguredFunctions(options);
  const storage = storageOf(options);
  const engine = await openEngine(storage, options);
  try {
    await checkNoMigration(engine);
  } catch (error) {
    await functions.close();
    await engine.close();
    throw error;
  }
  // Other servers may run on the same database.
  const owner = storage.kind === "postgres" ? newUuid() : undefined;
  const application = createApplication({ engine, functions, owner }, options);
  const stop = async () => {
    await application.stop();
    await functions.close();
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

function storageOf({ engine, dataFolder }: ServerOptions): EngineUrl {
  if (engine === undefined) {
    return dataFolder === undefined ? { kind: "memory" } : { kind: "lmdb", folder: dataFolder };
  }
  if (dataFolder !== undefined) throw new Error("engine and dataFolder exclude each other: give one of them");
  const parsed = parseEngineUrl(engine);
  if (parsed === undefined)
    throw new Error("engine takes memory:, lmdb:DIR or postgres://USER@HOST:PORT/DATABASE");
  return parsed;
}

function openConfiguredFunctions(options: ServerOptions): OpenFunctions {
  const { functions = {}, lambdaEndpoint, functionTimeoutMs = 60_000, log = silentLog } = options;
  return openFunctions({
    targets: functionTargets(functions),
    lambdaEndpoint,
    timeLimitMs: functionTimeoutMs,
    log,
  });
}

/** What an application stands on. */
interface Ground {
  readonly engine: Engine;
  readonly functions: OpenFunctions;
  readonly owner: string | undefined;
}

function createApplication({ engine, functions, owner }: Ground, options: ServerOptions) {
  const { region = "us-east-1", accountId = "000000000000", log = silentLog } = options;
  const { streamShards, streamShardBytesMax: bytesMax } = options;
  const time = options.devClock === true ? openMovableTime(options.clock) : undefined;
  const { clock, alarm } = time ?? { clock: options.clock ?? systemClock, alarm: systemAlarm };
  const store = openStore({
    engine,
    clock,
    onWork: (work) => {
      jobs.poke(work);
    },
    logShardsAtFirst: streamShards,
    logShardBounds: bytesMax === undefined ? undefined : { bytesMax },
  });
  const jobs = startJobs(store, {
    owner,
    clock,
    alarm,
    log,
    expiryLagMs: options.expiryLagMs ?? 1_000,
    kinesis: openKinesis(kinesisSettings(options, process.env)),
    triggers: {
      functions,
      tellFailure: (destination, document, region) => tellFailure({ destination, document, region }, options),
      arns: {
        stream: ({ scope, source }) => streamArn(scope, source.tableName, source.label),
        function: ({ scope, settings }) => functionArn(scope, settings.function),
      },
      newId: newUuid,
    },
    random: () => Math.random(),
  });
  const { onFailure, onBug } = failuresTo(log);
  const parts = { store, clock, settings: settingsOf(options), onFailure };
  const edge = { defaults: { region, accountId }, clock, onBug };
  const tables = createAwsJsonListeners({
    ...edge,
    dispatch: createDispatch({ ...parts, log }),
    operationOf,
    newRequestId: createRequestIds(),
  });
  const lambda = { ...edge, dispatch: createLambdaDispatch({ ...parts, functions }), newRequestId: newUuid };
  const listeners = { ...tables, request: withLambda(lambda, tables.request) };
  return { listeners: withClock(listeners, time), time, stop: () => jobs.stop() };
}

function settingsOf({ tableDelayMs = 0, failureFolder }: ServerOptions): Settings {
  return {
    tableDelayMs,
    failureFolder: failureFolder && pathToFileURL(failureFolder).href.replace(/\/$/, ""),
  };
}

/** Tells the log of failures that are not the client's. */
function failuresTo(log: Log) {
  return {
    onFailure: (error: unknown, { operation, requestId }: { operation: string; requestId: string }) => {
      log.error("request failed", { error, operation, requestId });
    },
    onBug: (error: unknown, requestId: string) => {
      log.error("answer failed", { error, requestId });
    },
  };
}

function withClock(listeners: HttpListeners, time: MovableTime | undefined): HttpListeners {
  return time === undefined ? listeners : { ...listeners, request: withClockPage(time, listeners.request) };
}
