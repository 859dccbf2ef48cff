/// <reference lib="es2024.string" />
/** Text measured and ordered by its UTF-8 bytes without encoding it. */

/** Longer texts are counted by Node, whose call costs more than looking at this many characters. */
const countedHereMax = 64;

/** How many bytes `text` takes in UTF-8. */
export function utf8Size(text: string): number {
  const length = text.length;
  if (length > countedHereMax) return Buffer.byteLength(text);
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) >= 0x80) return Buffer.byteLength(text);
  }
  return length;
}

/** `text` with each lone surrogate, which has no UTF-8 form, as the replacement character that UTF-8 encoders write. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** Orders well-formed texts as their UTF-8 bytes order. */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const leftUnit = left.charCodeAt(index);
    const rightUnit = right.charCodeAt(index);
    if (leftUnit !== rightUnit) return utf8Rank(leftUnit) - utf8Rank(rightUnit);
  }
  return left.length - right.length;
}

/** UTF-16 puts surrogates (characters from U+10000) below U+E000 to U+FFFF, UTF-8 puts them above. */
function utf8Rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit < 0xe000;
  return isSurrogate ? unit + 0x10000 : unit;
}
