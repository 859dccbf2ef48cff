/** The folder itself: made where there is none, recognised by its first file, refused when it is somebody else's. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { EngineError } from "../engine.ts";
import type { Durability } from "./open-database.ts";

const formatName = "stator.json";
/** The layout of the folder. A program reads no folder with a number above its own. */
const formatVersion = 1;

export function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) flush(dirname(folder));
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

/** How the folder was opened the last time; undefined when it is new. Throws when it is not ours to touch. */
export function readFormat(folder: string): Durability | undefined {
  const names = readdirSync(folder);
  if (names.includes(formatName)) return parseFormat(folder, readFileSync(join(folder, formatName), "utf8"));
  // A mounted disk brings "lost+found", and a folder that is being made may hold the lock already.
  const foreign = names.find((name) => !/^(\.|lost\+found$|in-use\.mdb)/.test(name));
  if (foreign === undefined) return undefined;
  throw new EngineError(`data folder ${folder} holds "${foreign}" but no ${formatName}: it is not Stator's`);
}

function parseFormat(folder: string, text: string): Durability {
  const { version, durability } = parseObject(text);
  if (typeof version === "number" && version > formatVersion) {
    throw new EngineError(
      `data folder ${folder} has format ${version}, this program reads up to ${formatVersion}`,
    );
  }
  if (version !== formatVersion || (durability !== "strict" && durability !== "relaxed")) {
    throw new EngineError(`data folder ${folder} has a ${formatName} that is not Stator's`);
  }
  return durability;
}

function parseObject(text: string): { readonly version?: unknown; readonly durability?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** Replaces the file whole, so that a crash leaves the old one or the new one. */
export function writeFormat(folder: string, durability: Durability): void {
  const path = join(folder, formatName);
  const file = openSync(`${path}.new`, "w");
  try {
    writeSync(file, `${JSON.stringify({ version: formatVersion, durability })}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  flush(folder);
}

/** Makes durable which files a folder holds: flushing a file does not flush its name. */
export function flush(folder: string): void {
  const directory = openSync(folder, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
