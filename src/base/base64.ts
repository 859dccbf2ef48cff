/** Bytes as base64 text, handled without decoding them. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const notInAlphabet = -1;

/** What six bits each UTF-16 code unit below 128 stands for. */
const sextets = new Int8Array(128).fill(notInAlphabet);
for (let sextet = 0; sextet < alphabet.length; sextet++) sextets[alphabet.charCodeAt(sextet)] = sextet;

/** `text` as the one standard, padded spelling of the bytes that Node reads in it; itself where it is that already. */
export function canonicalBase64(text: string): string {
  return isCanonicalBase64(text) ? text : Buffer.from(text, "base64").toString("base64");
}

export function isCanonicalBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const end = text.length - paddingOf(text);
  let last = 0;
  for (let index = 0; index < end; index++) {
    last = sextetAt(text, index);
    if (last === notInAlphabet) return false;
  }
  // The bits of the last character that reach into the padding must be zero.
  const spareBits = 2 * (text.length - end);
  return (last & ((1 << spareBits) - 1)) === 0;
}

/** How many bytes a canonical `text` stands for. */
export function base64Size(text: string): number {
  return (text.length / 4) * 3 - paddingOf(text);
}

/**
 * Orders canonical texts as their bytes order, unsigned, a prefix before what it prefixes. The first differing
 * character decides: its six bits are the first differing bits, and padding or the end ranks below all of them.
 */
export function compareBase64(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    if (left.charCodeAt(index) !== right.charCodeAt(index)) {
      return sextetAt(left, index) - sextetAt(right, index);
    }
  }
  return left.length - right.length;
}

function sextetAt(text: string, index: number): number {
  return sextets[text.charCodeAt(index)] ?? notInAlphabet;
}

function paddingOf(text: string): number {
  if (!text.endsWith("=")) return 0;
  return text.endsWith("==") ? 2 : 1;
}
