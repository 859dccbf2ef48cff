import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../server-process.ts";
import { give, startDaemon, type Account } from "./daemon.ts";
import type { Programs } from "./packages.ts";

/** Where Patroni's nodes agree on who is the primary. */
export interface Etcd {
  /** Of its members, for clients. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

const membersCount = 3;
const startMsMax = 30_000;

/** Starts an etcd of three members below the folder, and waits until they agree. */
export async function startEtcd({
  folder,
  account,
  programs,
}: {
  folder: string;
  account: Account;
  programs: Programs;
}): Promise<Etcd> {
  const members = await Promise.all(
    Array.from({ length: membersCount }, async (_, number) => ({
      name: `etcd-${number + 1}`,
      client: await freePort(),
      peer: await freePort(),
    })),
  );
  const cluster = members.map(({ name, peer }) => `${name}=${addressOf(peer)}`).join(",");
  const daemons = members.map(({ name, client, peer }) => {
    const own = join(folder, name);
    mkdirSync(own);
    give(own, account);
    const command = [
      ...[programs.etcd, "--name", name, "--data-dir", join(own, "data"), "--log-level", "warn"],
      ...["--listen-client-urls", addressOf(client), "--advertise-client-urls", addressOf(client)],
      ...["--listen-peer-urls", addressOf(peer), "--initial-advertise-peer-urls", addressOf(peer)],
      "--enable-v2",
      ...["--initial-cluster", cluster, "--initial-cluster-state", "new"],
    ] as const;
    return startDaemon(command, { account, folder: own });
  });
  const close = async () => {
    await Promise.all(daemons.map((daemon) => daemon.kill()));
  };
  const end = performance.now() + startMsMax;
  while (!(await areHealthy(members.map(({ client }) => client)))) {
    if (daemons.some(({ isGone }) => isGone) || performance.now() > end) {
      await close();
      throw new Error(`etcd does not start:\n${daemons.map((daemon) => daemon.output()).join("\n")}`);
    }
    await delay(50);
  }
  return { ports: members.map(({ client }) => client), close };
}

function addressOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function areHealthy(ports: readonly number[]): Promise<boolean> {
  const answers = await Promise.all(
    ports.map((port) =>
      fetch(`${addressOf(port)}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}
