import assert from "node:assert/strict";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Chunk, Engine, KeyRange, ReadView, ScanOptions } from "../engine.ts";

/** One promise every engine makes. */
export interface ContractCase {
  readonly title: string;
  /** Runs on an empty engine. A case that closes it does so by `close`. */
  readonly run: (engine: Engine, close: () => Promise<void>) => Promise<void>;
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString();
}

/** Puts entries in one transaction. */
export async function putAll(engine: Engine, entries: Readonly<Record<string, string>>): Promise<void> {
  await engine.write((transaction) => {
    for (const [key, value] of Object.entries(entries)) transaction.put(bytes(key), bytes(value));
    return Promise.resolve();
  });
}

export async function get(engine: Engine, key: string): Promise<string | undefined> {
  return engine.read((view) => getIn(view, key));
}

/** The value of one key as text, through a view or a transaction. */
export async function getIn(view: Pick<ReadView, "getMany">, key: string): Promise<string | undefined> {
  const [value] = await view.getMany([bytes(key)]);
  return text(value);
}

export const everything: KeyRange = { from: bytes("\0"), until: Uint8Array.of(0xff, 0xff, 0xff, 0xff) };

/** Every entry of the engine as text, in key order. */
export async function entriesOf(engine: Engine): Promise<Record<string, string>> {
  const { entries, exhausted } = await engine.read((view) => view.scan(everything, { entriesMax: 100_000 }));
  assert.ok(exhausted);
  return Object.fromEntries(entries.map(({ key, value }) => [text(key) ?? "", text(value) ?? ""]));
}

export async function scanTexts(engine: Engine, range: [string, string], options: ScanOptions) {
  const chunk = await engine.read((view) =>
    view.scan({ from: bytes(range[0]), until: bytes(range[1]) }, options),
  );
  return chunkTexts(chunk);
}

export function chunkTexts({ entries, exhausted }: Chunk) {
  return { entries: entries.map(({ key, value }) => `${text(key)}=${text(value)}`), exhausted };
}

/** Lets a few turns of the event loop go by, as a body does that waits for something slow. */
export async function someTurns(): Promise<void> {
  await setImmediate();
  await setTimeout(2);
  await setImmediate();
}
