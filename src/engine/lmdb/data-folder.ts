/** The folder itself: made where there is none, recognised by its first file, refused when it is somebody else's. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EngineError } from "../engine.ts";

const formatName = "stator.json";
/** The layout of the folder. A program reads no folder with a number above its own. */
const formatVersion = 1;

export function makeFolder(folder: string): void {
  const firstMade = mkdirSync(folder, { recursive: true });
  if (firstMade !== undefined) {
    for (let made = resolve(folder); made.length >= firstMade.length; made = dirname(made))
      flush(dirname(made));
  }
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

export interface FolderFormat {
  /** The boot of the machine in which a relaxed engine wrote without flushing, until it was closed. */
  readonly unflushedIn?: string | undefined;
}

/** What the folder says of itself; undefined when it is new. Throws when it is not ours to touch. */
export function readFormat(folder: string): FolderFormat | undefined {
  const names = readdirSync(folder);
  if (names.includes(formatName)) return parseFormat(folder, readFileSync(join(folder, formatName), "utf8"));
  // A mounted disk brings "lost+found", and a folder that is being made may hold the lock already.
  const foreign = names.find((name) => !/^(\.|lost\+found$|in-use\.mdb|stator\.json\.new$)/.test(name));
  if (foreign === undefined) return undefined;
  throw new EngineError(`data folder ${folder} holds "${foreign}" but no ${formatName}: it is not Stator's`);
}

function parseFormat(folder: string, text: string): FolderFormat {
  const { version, unflushedIn } = parseObject(text);
  if (typeof version === "number" && version > formatVersion) {
    throw new EngineError(
      `data folder ${folder} has format ${version}, this program reads up to ${formatVersion}`,
    );
  }
  if (version !== formatVersion || !(unflushedIn === undefined || typeof unflushedIn === "string")) {
    throw new EngineError(`data folder ${folder} has a ${formatName} that is not Stator's`);
  }
  return { unflushedIn };
}

function parseObject(text: string): { readonly version?: unknown; readonly unflushedIn?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** Replaces the file whole, so that a crash leaves the old one or the new one. */
export function writeFormat(folder: string, format: FolderFormat): void {
  const path = join(folder, formatName);
  const file = openSync(`${path}.new`, "w");
  try {
    writeSync(file, `${JSON.stringify({ version: formatVersion, ...format })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  flush(folder);
}

/** Makes a file's content durable, or a folder's list of files: flushing a file does not flush its name. */
export function flush(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Names the present boot of the machine; where the system has no name for it, every boot is taken for the same. */
export function bootId(): string {
  const path = "/proc/sys/kernel/random/boot_id";
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "unknown";
}
