import { join } from "node:path";
import { openBinaries } from "./binaries.ts";
import { keepFolder, type Place } from "./keep-folder.ts";
import { createData, databaseUser, startNode } from "./node.ts";

/** A PostgreSQL server for tests. */
export interface TestPostgres {
  /** Leads to its database `postgres`, with the rights to make others. */
  readonly url: string;
  close(): Promise<void>;
}

/** How to run a server, or each of a cluster. */
export interface PostgresHow {
  readonly place: Place;
  /** The server's own settings, beside or instead of the usual ones. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** Nothing is kept when the machine fails, and nothing can be copied from it: quick. */
const quick: PostgresHow["settings"] = {
  ...{ fsync: "off", full_page_writes: "off", synchronous_commit: "off" },
  ...{ wal_level: "minimal", max_wal_senders: 0, checkpoint_timeout: "1h", max_wal_size: "512MB" },
};

/** Starts a server with no data. It ends with this process at the latest. */
export async function startPostgres(
  how: PostgresHow = { place: "memory", settings: quick },
): Promise<TestPostgres> {
  const binaries = await openBinaries();
  const folder = await keepFolder(binaries, how.place);
  const data = join(folder.path, "data");
  await createData(binaries, data);
  const { port } = await startNode(binaries, data, how.settings);
  return {
    url: `postgres://${databaseUser}@127.0.0.1:${String(port)}/postgres`,
    close: () => folder.close(),
  };
}
