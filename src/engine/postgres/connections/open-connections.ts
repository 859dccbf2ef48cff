import { EngineBusyError, EngineError } from "../../engine.ts";
import type { PostgresOptions, Surroundings } from "../postgres-options.ts";
import { Cluster } from "./cluster.ts";
import type { Connection, Connections, Role } from "./connections.ts";
import { parseDatabaseUrl, type HostAddress } from "./database-url.ts";
import { sessionOpener } from "./open-session.ts";
import { Pool, type PoolSettings } from "./pool.ts";
import type { Session } from "./session.ts";

const slots = 2 ** 15;
const primaryRetryMs = { low: 20, high: 1_000 };
const standbyRetryMs = { low: 1_000, high: 10_000 };

/** Connects nowhere yet. Throws `EngineError` for a URL or certificates that cannot be read or do not suit. */
export function openConnections(options: PostgresOptions, surroundings: Surroundings): Connections {
  const { connectionsMax = 16, queueMax = 1_000, queueMsMax = 5_000, failoverMsMax = 10_000 } = options;
  const { dialect = "postgresql", eventualReads = "primary", onFlush = () => undefined } = options;
  const url = parseDatabaseUrl(options.url);
  const openSession = sessionOpener(url, options, surroundings);
  const hasOnePrimary = dialect === "postgresql";
  if (eventualReads === "standby" && hasOnePrimary && url.hosts.length === 1) {
    throw new EngineError("eventual reads from standbys need a URL of the database that names all its hosts");
  }
  const cluster = new Cluster({ hosts: url.hosts, openSession, hasOnePrimary, surroundings });
  const slotBase = Math.floor(surroundings.random() * slots);
  const bounds = { connectionsMax, queueMax, queueMsMax, slotBase, surroundings, onFlush };
  const primary = new Pool({
    ...bounds,
    ...toPrimary(cluster),
    isOneServer: hasOnePrimary,
    patienceMs: failoverMsMax,
  });
  const readers =
    eventualReads === "standby" && hasOnePrimary
      ? url.hosts.map((host) => ({ host, pool: new Pool({ ...bounds, ...toReader(cluster, host) }) }))
      : [];
  return new OpenConnections(cluster, primary, readers);
}

function toPrimary(cluster: Cluster): Pick<PoolSettings, "open" | "isWell" | "onBroken" | "retryMs"> {
  return {
    open: () => cluster.openPrimary(),
    isWell: (session) => cluster.isWell(session, "primary"),
    onBroken: () => {
      cluster.forgetPrimary();
    },
    retryMs: primaryRetryMs,
  };
}

function toReader(cluster: Cluster, host: HostAddress) {
  return {
    isOneServer: true,
    open: () => cluster.openReader(host),
    isWell: (session: Session) => cluster.isWell(session, "standby"),
    onBroken: () => undefined,
    // Others serve in its place.
    patienceMs: undefined,
    retryMs: standbyRetryMs,
  };
}

interface Reader {
  readonly host: HostAddress;
  readonly pool: Pool;
}

class OpenConnections implements Connections {
  readonly #cluster: Cluster;
  readonly #primary: Pool;
  readonly #readers: readonly Reader[];
  #turn = 0;

  constructor(cluster: Cluster, primary: Pool, readers: readonly Reader[]) {
    this.#cluster = cluster;
    this.#primary = primary;
    this.#readers = readers;
  }

  async with<T>(role: Role, use: (connection: Connection) => Promise<T>): Promise<T> {
    const lent = role === "standby" ? await this.#borrowReader() : undefined;
    const { pool, session } = lent ?? { pool: this.#primary, session: await this.#primary.acquire() };
    try {
      return await use(session);
    } finally {
      pool.release(session);
    }
  }

  /** Undefined when no standby can be reached. */
  async #borrowReader(): Promise<{ pool: Pool; session: Session } | undefined> {
    if (this.#readers.length === 0) return undefined;
    this.#turn = (this.#turn + 1) % this.#readers.length;
    for (const { host, pool } of [
      ...this.#readers.slice(this.#turn),
      ...this.#readers.slice(0, this.#turn),
    ]) {
      if (pool.isResting || this.#cluster.isPrimary(host)) continue;
      try {
        return { pool, session: await pool.acquire() };
      } catch (error) {
        if (error instanceof EngineBusyError) throw error;
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.#primary, ...this.#readers.map(({ pool }) => pool)].map((pool) => pool.close()));
  }
}
