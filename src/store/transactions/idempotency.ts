/**
 * Which transactions have happened, by the tokens of their clients. A record is written with what its transaction
 * writes, so that there is one exactly when the transaction is done; a second key, by expiry, leads the sweep to it.
 */
import { assert } from "../../base/assert.ts";
import { bufferOf, compareBytes } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Engine, Transaction } from "../../engine/engine.ts";
import { expiredTokensRange, tokenExpiryKey, tokenKey, tokenKeyOfExpiry } from "../keyspace.ts";
import type { ExpiredTokens, IdempotencyToken, TransactionOutcome } from "../store.ts";
import type { WrittenOutcome } from "../write.ts";

/** How long a token stands for its transaction, once that is done. */
const lifeMs = 10 * 60_000;

const entriesPerTransaction = 500;

/** What a stored record says. */
interface TokenRecord {
  /** Milliseconds since the epoch. From then on the record counts for nothing, whether or not it is erased. */
  readonly expiresAt: number;
  readonly fingerprint: Uint8Array;
  /** The bytes by which each write was metered. */
  readonly sizes: readonly number[];
}

/** One token as a transaction uses it. */
export interface TokenUse {
  readonly key: Uint8Array;
  readonly fingerprint: Uint8Array;
}

export function useOfToken({ scope, token, fingerprint }: IdempotencyToken): TokenUse {
  return { key: tokenKey(scope, token), fingerprint };
}

/** What the record under a token's key means for a transaction that comes by this token at `now`. */
export function earlierOutcome(
  { fingerprint }: TokenUse,
  value: Uint8Array | undefined,
  now: number,
): Extract<TransactionOutcome, { readonly kind: "repeated" | "mismatch" }> | undefined {
  if (value === undefined) return undefined;
  const record = decodeRecord(value);
  if (record.expiresAt <= now) return undefined;
  if (compareBytes(record.fingerprint, fingerprint) !== 0) return { kind: "mismatch" };
  return { kind: "repeated", sizes: record.sizes };
}

/** Stages the record of a transaction that is done at `now`. `before`: what is under the token's key, now expired. */
export function stageRecord(
  transaction: Transaction,
  { key, fingerprint }: TokenUse,
  { before, written, now }: Circumstances,
): void {
  if (before !== undefined) transaction.delete(tokenExpiryKey(key, decodeRecord(before).expiresAt));
  const expiresAt = now + lifeMs;
  transaction.put(key, encodeRecord({ expiresAt, fingerprint, sizes: written.map(meteredBytes) }));
  transaction.put(tokenExpiryKey(key, expiresAt), nothing);
}

interface Circumstances {
  readonly before: Uint8Array | undefined;
  readonly written: readonly WrittenOutcome[];
  readonly now: number;
}

const nothing = new Uint8Array(0);

function meteredBytes({ before, after }: WrittenOutcome): number {
  return Math.max(before?.sizeBytes ?? 0, after?.sizeBytes ?? 0);
}

export function openExpiredTokens(engine: Engine, clock: Clock): ExpiredTokens {
  return {
    async eraseSome() {
      const range = expiredTokensRange(clock.now());
      const options = { entriesMax: entriesPerTransaction, values: false };
      const { entries, exhausted } = await engine.read((view) => view.scan(range, options));
      if (entries.length > 0) {
        await engine.write((transaction) =>
          eraseExpired(
            transaction,
            entries.map(({ key }) => key),
          ),
        );
      }
      return !exhausted;
    },
  };
}

/** Erases records with the keys that lead to them, but for a record that was renewed meanwhile. */
async function eraseExpired(transaction: Transaction, expiryKeys: readonly Uint8Array[]): Promise<void> {
  const keys = expiryKeys.map(tokenKeyOfExpiry);
  const values = await transaction.getMany(keys);
  keys.forEach((key, index) => {
    const expiryKey = expiryKeys[index];
    const value = values[index];
    if (expiryKey === undefined) return;
    transaction.delete(expiryKey);
    if (value === undefined) return;
    const current = tokenExpiryKey(key, decodeRecord(value).expiresAt);
    if (compareBytes(current, expiryKey) === 0) transaction.delete(key);
  });
}

// Byte 0 is the version of the format, bytes 1–6 the expiry, bytes 7–38 the fingerprint; then four bytes a size.
const formatVersion = 1;
const fingerprintBytes = 32;
const sizesAt = 7 + fingerprintBytes;

function encodeRecord({ expiresAt, fingerprint, sizes }: TokenRecord): Uint8Array {
  assert(fingerprint.length === fingerprintBytes, "a fingerprint is a SHA-256");
  const value = Buffer.allocUnsafe(sizesAt + 4 * sizes.length);
  value[0] = formatVersion;
  value.writeUIntBE(expiresAt, 1, 6);
  value.set(fingerprint, 7);
  sizes.forEach((bytes, index) => value.writeUInt32BE(bytes, sizesAt + 4 * index));
  return value;
}

function decodeRecord(value: Uint8Array): TokenRecord {
  assert(value[0] === formatVersion, "a token's record has a format this server knows");
  const bytes = bufferOf(value);
  const sizes: number[] = [];
  for (let at = sizesAt; at < bytes.length; at += 4) sizes.push(bytes.readUInt32BE(at));
  return { expiresAt: bytes.readUIntBE(1, 6), fingerprint: bytes.subarray(7, sizesAt), sizes };
}
