/** Cursors on an engine. Every change is a transaction that looks first whether the cursor is still as expected. */
import type { Clock } from "../../base/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { cursorKey, cursorsRange } from "./log-keys.ts";
import { isHeldByAnother, leaseEnd } from "../lease.ts";
import type { Cursor, CursorClaim, CursorName, Cursors } from "./cursors.ts";
import { cursorRecord } from "./log-records.ts";

const cursorsPerTransaction = 500;

export function openCursors(engine: Engine, clock: Clock): Cursors {
  return {
    async list(readerId) {
      const options = { entriesMax: Number.MAX_SAFE_INTEGER };
      const { entries } = await engine.read((view) => view.scan(cursorsRange(readerId), options));
      return entries.map(({ value }) => cursorRecord.decode(value));
    },
    claim: (name, claim) =>
      change(engine, name, (current) => claimed(name, current, { ...claim, now: clock.now() })),
    advance: (cursor, { leaseMs, ...progress }) =>
      change(engine, cursor, (current) => {
        if (!isUnchanged(cursor, current)) return undefined;
        return { ...current, ...progress, leasedUntil: leaseEnd(clock.now(), leaseMs) };
      }),
    async release(cursor) {
      await change(engine, cursor, (current) =>
        isUnchanged(cursor, current) ? { ...current, leasedUntil: 0 } : undefined,
      );
    },
    async removeSome(readerId) {
      const options = { entriesMax: cursorsPerTransaction, values: false };
      const { entries, exhausted } = await engine.read((view) => view.scan(cursorsRange(readerId), options));
      if (entries.length > 0) {
        await engine.write((transaction) => {
          for (const { key } of entries) transaction.delete(key);
          return Promise.resolve();
        });
      }
      return !exhausted;
    },
    remove: ({ readerId, shard }) =>
      engine.write((transaction) => {
        transaction.delete(cursorKey(readerId, shard));
        return Promise.resolve();
      }),
  };
}

/** Puts what `next` makes of the cursor as it is; undefined leaves it alone. */
function change(
  engine: Engine,
  { readerId, shard }: CursorName,
  next: (current: Cursor | undefined) => Cursor | undefined,
): Promise<Cursor | undefined> {
  const key = cursorKey(readerId, shard);
  return engine.write(async (transaction) => {
    const [value] = await transaction.getMany([key]);
    const current = value === undefined ? undefined : cursorRecord.decode(value);
    const after = next(current);
    if (after === undefined) return undefined;
    const cursor = { ...after, version: (current?.version ?? 0) + 1 };
    transaction.put(key, cursorRecord.encode(cursor));
    return cursor;
  });
}

function claimed(
  { readerId, shard }: CursorName,
  current: Cursor | undefined,
  { owner, leaseMs, startAfter, now }: CursorClaim & { readonly now: number },
): Cursor | undefined {
  if (current !== undefined && isHeldByAnother(current, owner, now)) return undefined;
  const fresh = { readerId, shard, after: startAfter, finished: false, state: undefined, version: 0 };
  return { ...(current ?? fresh), owner, leasedUntil: leaseEnd(now, leaseMs) };
}

function isUnchanged(expected: Cursor, current: Cursor | undefined): current is Cursor {
  return current?.version === expected.version && current.owner === expected.owner;
}
