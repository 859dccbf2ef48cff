import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Where Debian's packages put the programs of the drill. */
export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  /** The folder of PostgreSQL's own. */
  readonly postgres: string;
}

const packages = ["postgresql", "patroni", "etcd-server", "python3-etcd"];
const patroni = "/usr/bin/patroni";
const etcd = "/usr/bin/etcd";
const versions = "/usr/lib/postgresql";

/** Finds the programs, and installs the packages where they are missing and may be installed. */
export function installPrograms(): Programs {
  if (installed() === undefined) installPackages();
  const programs = installed();
  if (programs === undefined)
    throw new Error(`not all is there after the installation of ${packages.join(", ")}`);
  return programs;
}

function installed(): Programs | undefined {
  const postgres = newestPostgres();
  const isThere = [patroni, etcd].every((path) => existsSync(path));
  if (!isThere || postgres === undefined) return undefined;
  const { status } = spawnSync("/usr/bin/python3", ["-c", "import etcd, psycopg2"]);
  return status === 0 ? { patroni, etcd, postgres } : undefined;
}

function newestPostgres(): string | undefined {
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions)
    .sort((left, right) => Number(right) - Number(left))
    .map((version) => join(versions, version, "bin"))
    .find((folder) => existsSync(join(folder, "pg_rewind")));
}

function installPackages(): void {
  if (process.getuid?.() !== 0) {
    throw new Error(`the drill needs Debian's packages: sudo apt-get install ${packages.join(" ")}`);
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { env: environment, stdio: ["ignore", "ignore", "inherit"] as ("ignore" | "inherit")[] };
  execFileSync("apt-get", ["update", "-qq"], options);
  execFileSync("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...packages], options);
}
