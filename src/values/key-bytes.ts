import { assert } from "../base/assert.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import { digitSpan, pairAt, powerAt } from "./digit-span.ts";
import type { DigitSpan } from "./digit-span.ts";

const zero = 48;
const dot = 46;

/** The first byte of a number. */
const signByte = { negative: 1, zero: 2, positive: 3 } as const;

/** Pairs of digits stand for powers of a hundred from -65 to 62, which become 1 to 128. */
const pairBias = 66;

/** Closes a negative number, whose bytes are complemented: what it is a prefix of must sort before it. */
const negativeEnd = 0xff;

/**
 * The bytes of a checked key value, which order, unsigned, as `compareValues` orders values of its type: the UTF-8 of
 * S, the bytes of B, and for N at most 23 bytes none of which is zero.
 */
export function keyBytes(value: AttributeValue): Uint8Array {
  if (value.S !== undefined) return Buffer.from(value.S);
  if (value.N !== undefined) return numberKeyBytes(value.N);
  assert(value.B !== undefined, "a key value is S, N or B");
  return Buffer.from(value.B, "base64");
}

/**
 * The sign, the power of the first pair of digits, then each pair as 1 to 100; complemented after the sign if negative.
 */
function numberKeyBytes(text: string): Uint8Array {
  const span = digitSpan(text);
  if (span === undefined) return Uint8Array.of(signByte.zero);
  const high = pairAt(span, span.first);
  const pairs = high - pairAt(span, span.last) + 1;
  const bytes = new Uint8Array(2 + pairs + (span.negative ? 1 : 0)).fill(1);
  bytes[0] = span.negative ? signByte.negative : signByte.positive;
  bytes[1] = high + pairBias;
  addDigits(bytes, text, span);
  if (span.negative) complement(bytes);
  return bytes;
}

function addDigits(bytes: Uint8Array, text: string, span: DigitSpan): void {
  const high = pairAt(span, span.first);
  for (let index = span.first; index <= span.last; index++) {
    const unit = text.charCodeAt(index);
    if (unit === dot) continue;
    const power = powerAt(span, index);
    const at = 2 + high - (power >> 1);
    const weight = (power & 1) === 0 ? 1 : 10;
    bytes[at] = (bytes[at] ?? 0) + weight * (unit - zero);
  }
}

function complement(bytes: Uint8Array): void {
  for (let index = 1; index < bytes.length - 1; index++) bytes[index] = 0xff - (bytes[index] ?? 0);
  bytes[bytes.length - 1] = negativeEnd;
}
