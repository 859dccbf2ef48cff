/** Sequence numbers of stream records as clients see them: decimal numbers of at least 21 digits. */

/** Gives every sequence of ours 21 digits, so that they sort as text, too. */
const base = 10n ** 20n;

export function sequenceNumberOf(sequence: number): string {
  return String(base + BigInt(sequence));
}

/** Undefined for what is no sequence number of ours. */
export function sequenceOf(sequenceNumber: string): number | undefined {
  if (!/^\d+$/.test(sequenceNumber)) return undefined;
  const sequence = BigInt(sequenceNumber) - base;
  return sequence >= 0n && sequence <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sequence) : undefined;
}
