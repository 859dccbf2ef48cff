import { Client } from "pg";

/** Waits until a primary acknowledges a write. */
export async function firstCommit(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("CREATE TABLE IF NOT EXISTS failover_probe (moment timestamptz)");
    await client.query("INSERT INTO failover_probe VALUES (now())");
  } finally {
    await client.end();
  }
}
