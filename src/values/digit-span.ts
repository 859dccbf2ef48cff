/** Where the significant digits of a canonical number lie in its text. */
export interface DigitSpan {
  readonly negative: boolean;
  /** The index of the first digit that is not zero. */
  readonly first: number;
  /** The index of the last digit that is not zero. */
  readonly last: number;
  /** The index of the decimal point, or where it would stand. */
  readonly dotAt: number;
}

const minus = 45;
const dot = 46;
const zero = 48;

/** Undefined for zero, which has no significant digit. */
export function digitSpan(text: string): DigitSpan | undefined {
  if (text === "0") return undefined;
  const negative = text.charCodeAt(0) === minus;
  const dotFound = text.indexOf(".");
  let first = negative ? 1 : 0;
  while (isZeroOrDot(text.charCodeAt(first))) first++;
  let last = text.length - 1;
  while (isZeroOrDot(text.charCodeAt(last))) last--;
  return { negative, first, last, dotAt: dotFound < 0 ? text.length : dotFound };
}

/** The power of ten of the digit at `index`. */
export function powerAt({ dotAt }: DigitSpan, index: number): number {
  return index < dotAt ? dotAt - 1 - index : dotAt - index;
}

/** The power of a hundred of the pair that the digit at `index` belongs to: pairs are cut at the decimal point. */
export function pairAt(span: DigitSpan, index: number): number {
  return powerAt(span, index) >> 1;
}

function isZeroOrDot(unit: number): boolean {
  return unit === zero || unit === dot;
}
