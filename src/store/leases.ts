/**
 * What one server at a time does for all that share an engine, by name. A lease that its server does not renew is over
 * after its time, and anybody's: so work moves on from a server that has died.
 */
import type { Clock } from "../base/clock.ts";
import type { Engine, Transaction } from "../engine/engine.ts";
import { jsonRecord } from "./json-record.ts";
import { leaseKey } from "./keyspace.ts";
import { isHeldByAnother, type KeptLease, type Lease } from "./lease.ts";

export interface Leases {
  /** Whether another owner has it: one small read. */
  isTaken(name: string, owner: string): Promise<boolean>;
  /**
   * Takes a lease, or renews it; answers until when (milliseconds since the epoch), or undefined while another owner
   * has it.
   */
  take(name: string, lease: Lease): Promise<number | undefined>;
  /** Lets others take it at once; nothing happens when it is not the owner's any more. */
  release(name: string, owner: string): Promise<void>;
}

/** Those of a server that shares its engine with none: it has them all, and the engine hears nothing of it. */
export const soleLeases: Leases = {
  isTaken: () => Promise.resolve(false),
  take: () => Promise.resolve(Number.POSITIVE_INFINITY),
  release: () => Promise.resolve(),
};

const leaseRecord = jsonRecord<KeptLease>();

export function openLeases(engine: Engine, clock: Clock): Leases {
  return {
    async isTaken(name, owner) {
      const [value] = await engine.getMany([leaseKey(name)]);
      return value !== undefined && isHeldByAnother(leaseRecord.decode(value), owner, clock.now());
    },
    take(name, { owner, leaseMs }) {
      // By the time before the write: however long that takes, the owner counts on the lease no longer than others do.
      const lease = { owner, leasedUntil: clock.now() + leaseMs };
      return engine.write((transaction) => stageTaking(transaction, { name, lease, now: clock.now() }));
    },
    release: (name, owner) => engine.write((transaction) => stageRelease(transaction, name, owner)),
  };
}

interface Taking {
  readonly name: string;
  readonly lease: KeptLease;
  readonly now: number;
}

async function stageTaking(
  transaction: Transaction,
  { name, lease, now }: Taking,
): Promise<number | undefined> {
  const key = leaseKey(name);
  const [value] = await transaction.getMany([key]);
  if (value !== undefined && isHeldByAnother(leaseRecord.decode(value), lease.owner, now)) return undefined;
  transaction.put(key, leaseRecord.encode(lease));
  return lease.leasedUntil;
}

async function stageRelease(transaction: Transaction, name: string, owner: string): Promise<void> {
  const key = leaseKey(name);
  const [value] = await transaction.getMany([key]);
  if (value !== undefined && leaseRecord.decode(value).owner === owner) transaction.delete(key);
}
