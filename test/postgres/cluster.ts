/**
 * Three PostgreSQL servers, of which a commit reaches two before it is acknowledged, for tests of failures. What
 * Patroni does in production is done by tests that call these functions.
 */
import { chown, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "../server-process.ts";
import { openBinaries, type Binaries } from "./binaries.ts";
import { keepFolder } from "./keep-folder.ts";
import type { PostgresHow } from "./start-postgres.ts";
import { createData, databaseUser, killNode, signalAll, startNode, type PostgresNode } from "./node.ts";

export type NodeName = "a" | "b" | "c";

export interface Cluster {
  /** Names all three servers; which of them is the primary is for clients to find out. */
  readonly url: string;
  urlOf(name: NodeName): string;
  /** Ends a server with everything that belongs to it, as `kill -9` does, and waits until it is gone. */
  kill(name: NodeName): Promise<void>;
  /** Has a server stand still, as one does that the network does not reach any more: its connections stay open. */
  freeze(name: NodeName): void;
  /** Lets a server go on that stands still. */
  thaw(name: NodeName): void;
  /**
   * Makes a primary of the standby that has received most, which is all that was acknowledged, and has the other one,
   * when it is alive, follow it.
   */
  promote(): Promise<NodeName>;
  /** Starts a killed server on the data that it had, as what it was. */
  restart(name: NodeName): Promise<void>;
  /** Starts a killed server as a standby of the primary, of whose data it gets a copy. */
  rejoin(name: NodeName): Promise<void>;
  close(): Promise<void>;
}

const names: readonly NodeName[] = ["a", "b", "c"];
const settings = {
  ...{
    max_connections: 120,
    wal_keep_size: "1GB",
    wal_sender_timeout: "10s",
    wal_receiver_status_interval: "1s",
  },
  // Attempts to connect to a primary are a second apart instead of five.
  wal_retrieve_retry_interval: "1s",
  // Files in the data folder, so that servers that are killed leave nothing behind.
  dynamic_shared_memory_type: "mmap",
};
const standbyMsMax = 20_000;

/** Starts three servers, of which `a` is the primary and the others follow it. */
export async function startCluster(how: PostgresHow = { place: "memory", settings: {} }): Promise<Cluster> {
  const binaries = await openBinaries();
  const folder = await keepFolder(binaries, how.place);
  try {
    const servers = new Servers(binaries, { folder: folder.path, settings: how.settings }, await freePorts());
    await servers.startAll();
    return describeCluster(servers, () => folder.close());
  } catch (error) {
    await folder.close();
    throw error;
  }
}

function describeCluster(servers: Servers, close: () => Promise<void>): Cluster {
  const hosts = names.map((name) => servers.address(name)).join(",");
  return {
    url: `postgres://${databaseUser}@${hosts}/postgres`,
    urlOf: (name) => servers.url(name),
    kill: (name) => servers.kill(name),
    freeze: (name) => {
      servers.signal(name, "SIGSTOP");
    },
    thaw: (name) => {
      servers.signal(name, "SIGCONT");
    },
    promote: () => servers.promote(),
    restart: (name) => servers.start(name),
    rejoin: (name) => servers.rejoin(name),
    close,
  };
}

class Servers {
  readonly #binaries: Binaries;
  readonly #folder: string;
  readonly #settings: PostgresHow["settings"];
  readonly #ports: Readonly<Record<NodeName, number>>;
  readonly #running = new Map<NodeName, PostgresNode>();
  #primary: NodeName = "a";

  constructor(
    binaries: Binaries,
    { folder, settings: more }: { folder: string; settings: PostgresHow["settings"] },
    ports: Readonly<Record<NodeName, number>>,
  ) {
    this.#binaries = binaries;
    this.#folder = folder;
    this.#settings = { ...settings, ...more };
    this.#ports = ports;
  }

  async startAll(): Promise<void> {
    await createData(this.#binaries, this.#data("a"));
    await this.#configure("a", "primary");
    for (const name of names.slice(1)) {
      await this.#copyData("a", name);
      await this.#configure(name, "standby");
    }
    await Promise.all(names.map((name) => this.start(name)));
    await this.#waitForStandbys();
  }

  address(name: NodeName): string {
    return `127.0.0.1:${String(this.#ports[name])}`;
  }

  url(name: NodeName): string {
    return `postgres://${databaseUser}@${this.address(name)}/postgres`;
  }

  async start(name: NodeName): Promise<void> {
    const all = { ...this.#settings, port: this.#ports[name] };
    this.#running.set(name, await startNode(this.#binaries, this.#data(name), all));
  }

  async kill(name: NodeName): Promise<void> {
    const node = this.#running.get(name);
    if (node === undefined) return;
    this.#running.delete(name);
    await killNode(node, this.#data(name));
  }

  /** To a server and everything that belongs to it. */
  signal(name: NodeName, signal: NodeJS.Signals): void {
    const id = this.#running.get(name)?.process.pid;
    if (id !== undefined) signalAll(id, signal);
  }

  async promote(): Promise<NodeName> {
    const standbys = [...this.#running.keys()].filter((name) => name !== this.#primary);
    const received = await Promise.all(standbys.map((name) => this.#received(name)));
    const furthest = standbys[received.indexOf(received.reduce((one, other) => (one > other ? one : other)))];
    if (furthest === undefined) throw new Error("no standby is alive");
    await this.#query(furthest, "SELECT pg_promote(true, 60)");
    this.#primary = furthest;
    for (const name of standbys.filter((other) => other !== furthest)) {
      await this.#configure(name, "standby");
      this.#running.get(name)?.process.kill("SIGHUP");
    }
    return furthest;
  }

  async rejoin(name: NodeName): Promise<void> {
    await rm(this.#data(name), { recursive: true });
    const client = await this.#connect(this.#primary);
    try {
      await client.query("SELECT pg_backup_start('copy', true)");
      await this.#copyData(this.#primary, name);
      const { rows } = await client.query<{ labelfile: string }>(
        "SELECT labelfile FROM pg_backup_stop(false)",
      );
      await this.#write(name, "backup_label", rows[0]?.labelfile ?? "");
    } finally {
      await client.end();
    }
    await this.#configure(name, "standby");
    await this.start(name);
    await this.#waitForStandbys();
  }

  /**
   * Whichever is the primary waits for one of the two others. That is set on standbys too, so that there is no moment
   * after a promotion in which commits wait for nobody.
   */
  async #configure(name: NodeName, role: "primary" | "standby"): Promise<void> {
    const others = names.filter((other) => other !== name).join(",");
    const lines = [`synchronous_standby_names = 'ANY 1 (${others})'`];
    if (role === "standby") {
      const port = String(this.#ports[this.#primary]);
      const followed = `host=127.0.0.1 port=${port} user=${databaseUser} application_name=${name}`;
      lines.push(`primary_conninfo = '${followed}'`);
      await this.#write(name, "standby.signal", "");
    }
    await this.#write(name, "postgresql.auto.conf", `${lines.join("\n")}\n`);
  }

  async #write(name: NodeName, file: string, text: string): Promise<void> {
    const path = join(this.#data(name), file);
    await writeFile(path, text);
    await handOver(path, this.#binaries);
  }

  #data(name: NodeName): string {
    return join(this.#folder, name);
  }

  async #copyData(from: NodeName, to: NodeName): Promise<void> {
    await copyTree(this.#data(from), this.#data(to), this.#binaries);
  }

  /**
   * Up to where a standby has the log on its disk, as a number. One that was started again tells of what it received
   * only from the start of a segment.
   */
  async #received(name: NodeName): Promise<bigint> {
    const position = "GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), '0/0')";
    const [row] = await this.#query<{ bytes: string }>(name, `SELECT ${position} - '0/0'::pg_lsn AS bytes`);
    return BigInt(row?.bytes ?? 0);
  }

  /** Waits until all that run follow the primary. */
  async #waitForStandbys(): Promise<void> {
    const end = performance.now() + standbyMsMax;
    const expected = this.#running.size - 1;
    const client = await this.#connect(this.#primary);
    try {
      for (;;) {
        const { rowCount } = await client.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'");
        if (rowCount === expected) return;
        if (performance.now() > end)
          throw new Error(`${String(rowCount)} of ${String(expected)} standbys follow`);
        await client.query("SELECT pg_sleep(0.01)");
      }
    } finally {
      await client.end();
    }
  }

  async #query<Row extends object>(name: NodeName, statement: string): Promise<Row[]> {
    const client = await this.#connect(name);
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  async #connect(name: NodeName): Promise<Client> {
    const client = new Client({ connectionString: this.url(name) });
    await client.connect();
    return client;
  }
}

async function freePorts(): Promise<Record<NodeName, number>> {
  const [a, b, c] = await Promise.all([freePort(), freePort(), freePort()]);
  return { a, b, c };
}

/** What a server's data folder holds of the server itself, not of its data. */
const ownFiles = new Set(["postmaster.pid", "postmaster.opts", "standby.signal"]);

/** Copies a data folder, of a running server too: what vanishes while it is copied, the log brings back. */
async function copyTree(from: string, to: string, binaries: Binaries): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  await handOver(to, binaries);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target, binaries);
    else if (!ownFiles.has(entry.name) && (await copyIfThere(source, target)))
      await handOver(target, binaries);
  }
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function handOver(path: string, { user }: Binaries): Promise<void> {
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
}
