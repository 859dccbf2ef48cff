import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../server-process.ts";
import type { FailingCluster, Failover, Failure } from "../cluster.ts";
import { postmasterOf, signalPostgres } from "./postmaster.ts";
import { firstCommit } from "../probe.ts";
import { primaryAmong, urlOf } from "./primary.ts";
import { give, startDaemon, unprivilegedAccount, type Account, type Daemon } from "./daemon.ts";
import { startEtcd } from "./etcd.ts";
import { nodeConfiguration } from "./node-configuration.ts";
import { installPrograms, type Programs } from "./packages.ts";

const nodesCount = 3;
const startMsMax = 60_000;
const failoverMsMax = 90_000;
const endMsMax = 5_000;

/** One node: PostgreSQL, and Patroni that looks after it. */
interface Node {
  readonly name: string;
  readonly folder: string;
  readonly data: string;
  readonly postgresPort: number;
  readonly restPort: number;
  patroni: Daemon;
}

interface Surroundings {
  readonly folder: string;
  readonly account: Account;
  readonly programs: Programs;
}

/** Starts three nodes under Patroni, with an etcd of three members, below a folder of their own. */
export async function openPatroniCluster(): Promise<FailingCluster> {
  const programs = installPrograms();
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(tmpdir(), "stator-patroni-"));
  give(folder, account);
  const surroundings = { folder, account, programs };
  const ending: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of ending.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const etcd = await startEtcd(surroundings);
    ending.push(() => etcd.close());
    const nodes: Node[] = [];
    ending.push(async () => {
      await Promise.all(nodes.map(endNode));
    });
    for (let number = 1; number <= nodesCount; number++) {
      nodes.push(await createNode(`node-${number}`, { ...surroundings, etcdPorts: etcd.ports }));
    }
    await waitUntilWhole(nodes);
    return clusterOf(nodes, { surroundings, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function clusterOf(
  nodes: readonly Node[],
  { surroundings, close }: { surroundings: Surroundings; close: () => Promise<void> },
): FailingCluster {
  return {
    url: urlOf(nodes.map(({ postgresPort }) => postgresPort)),
    close,
    fail: async (failure) => {
      const primary = await primaryNode(nodes);
      const node = failure === "standby killed" ? await synchronousNode(nodes) : primary;
      for (const { patroni } of nodes) patroni.forget();
      return failNode(node, { failure, nodes, primary });
    },
    repair: async () => {
      const dead = nodes.filter(({ patroni }) => patroni.isGone);
      for (const node of dead) node.patroni = startPatroni(node, surroundings);
      for (const node of nodes) thawNode(node);
      await waitUntilWhole(nodes);
      return { isRewound: nodes.some(({ patroni }) => patroni.output().includes("pg_rewind exit code=0")) };
    },
  };
}

async function createNode(
  name: string,
  surroundings: Surroundings & { etcdPorts: readonly number[] },
): Promise<Node> {
  const folder = join(surroundings.folder, name);
  mkdirSync(folder);
  const [postgresPort, restPort] = [await freePort(), await freePort()];
  const settings = { name, folder, postgresPort, restPort, etcdPorts: surroundings.etcdPorts };
  const text = nodeConfiguration({ ...settings, programs: surroundings.programs.postgres });
  writeFileSync(join(folder, "patroni.yml"), text);
  give(folder, surroundings.account);
  const patroni = startPatroni({ folder }, surroundings);
  return { name, folder, data: join(folder, "data"), postgresPort, restPort, patroni };
}

function startPatroni({ folder }: Pick<Node, "folder">, { account, programs }: Surroundings): Daemon {
  return startDaemon([programs.patroni, join(folder, "patroni.yml")], { account, folder });
}

function thawNode({ patroni, data }: Node): void {
  patroni.signal("SIGCONT");
  signalPostgres(data, "SIGCONT");
}

async function killNode({ patroni, data }: Node): Promise<void> {
  await patroni.kill();
  signalPostgres(data, "SIGKILL");
}

/** Lets PostgreSQL leave the shared memory that it has of the system. */
async function endNode({ patroni, data }: Node): Promise<void> {
  await patroni.kill();
  signalPostgres(data, "SIGCONT");
  signalPostgres(data, "SIGQUIT");
  const end = performance.now() + endMsMax;
  while (postmasterOf(data) !== undefined && performance.now() < end) await delay(20);
  signalPostgres(data, "SIGKILL");
}

async function failNode(
  node: Node,
  { failure, nodes, primary }: { failure: Failure; nodes: readonly Node[]; primary: Node },
): Promise<Failover> {
  const failedAt = performance.now();
  switch (failure) {
    case "postmaster killed":
      killPostmaster(node);
      break;
    case "node killed":
    case "standby killed":
      await killNode(node);
      break;
    case "node frozen":
      node.patroni.signal("SIGSTOP");
      signalPostgres(node.data, "SIGSTOP");
      break;
  }
  const port = await primaryAmong(
    nodes
      .filter((other) => failure !== "node frozen" || other !== node)
      .map(({ postgresPort }) => postgresPort),
    failoverMsMax,
  );
  const promotedAt = performance.now();
  await firstCommit(urlOf([port]));
  return { failedAt, promotedAt, writableAt: performance.now(), isSameNode: port === primary.postgresPort };
}

function killPostmaster({ data }: Node): void {
  const pid = postmasterOf(data);
  if (pid === undefined) throw new Error(`no PostgreSQL runs in ${data}`);
  process.kill(pid, "SIGKILL");
}

async function synchronousNode(nodes: readonly Node[]): Promise<Node> {
  const standby = (await membersOf(nodes)).find(({ role }) => role === "sync_standby");
  const node = nodes.find(({ name }) => name === standby?.name);
  if (node === undefined) throw new Error("no standby is synchronous");
  return node;
}

async function primaryNode(nodes: readonly Node[]): Promise<Node> {
  const port = await primaryAmong(
    nodes.map(({ postgresPort }) => postgresPort),
    failoverMsMax,
  );
  const node = nodes.find(({ postgresPort }) => postgresPort === port);
  if (node === undefined) throw new Error(`no node listens on ${port}`);
  return node;
}

/** Waits until there is a primary with a synchronous standby, and every node follows it. */
async function waitUntilWhole(nodes: readonly Node[]): Promise<void> {
  const end = performance.now() + startMsMax;
  for (;;) {
    const roles = await rolesOf(nodes);
    if (roles === "leader,replica,sync_standby") return;
    const gone = nodes.find(({ patroni }) => patroni.isGone);
    if (gone !== undefined || performance.now() > end) {
      const said = (gone === undefined ? nodes : [gone]).map(
        ({ name, patroni }) => `${name}: ${patroni.output()}`,
      );
      throw new Error(`the cluster is ${roles}; its nodes said:\n${said.join("\n")}`);
    }
    await delay(100);
  }
}

interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
}

/** The roles of the members that do what they should, sorted. */
async function rolesOf(nodes: readonly Node[]): Promise<string> {
  const members = await membersOf(nodes);
  const timeline = members.find(({ role }) => role === "leader")?.timeline;
  return members
    .filter((member) => ["running", "streaming"].includes(member.state) && member.timeline === timeline)
    .map(({ role }) => role)
    .sort()
    .join(",");
}

/** As the first Patroni tells that answers. */
async function membersOf([first, ...others]: readonly Node[]): Promise<readonly Member[]> {
  if (first === undefined) return [];
  try {
    const answer = await fetch(`http://127.0.0.1:${first.restPort}/cluster`);
    const { members } = (await answer.json()) as { members: readonly Member[] };
    return members;
  } catch {
    return membersOf(others);
  }
}
