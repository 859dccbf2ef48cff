import { Client } from "pg";
import { setTimeout as delay } from "node:timers/promises";

const askEveryMs = 20;
const askMsMax = 1_000;

/** Waits until one of the nodes is a primary, and answers its port. */
export async function primaryAmong(ports: readonly number[], patienceMs: number): Promise<number> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const are = await Promise.all(ports.map(isPrimary));
    const found = ports.find((_, index) => are[index]);
    if (found !== undefined) return found;
    await delay(askEveryMs);
  }
  throw new Error(`no primary among ${ports.join(", ")} within ${patienceMs} ms`);
}

async function isPrimary(port: number): Promise<boolean> {
  const client = new Client({
    connectionString: urlOf([port]),
    connectionTimeoutMillis: askMsMax,
    query_timeout: askMsMax,
  });
  // A connection that breaks between two answers.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ recovers: boolean }>("SELECT pg_is_in_recovery() AS recovers");
    return rows[0]?.recovers === false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Leads to the database of the drill. */
export function urlOf(ports: readonly number[]): string {
  return `postgres://postgres:drill@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/postgres`;
}
