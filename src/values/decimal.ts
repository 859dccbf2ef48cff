/** A number read from its text: 0.`digits` times ten to the power of `point`, exactly. */
export interface Decimal {
  readonly negative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  readonly point: number;
}

/** The parts of a number's text as it was written. */
export interface NumberText {
  readonly negative: boolean;
  /** Before the decimal point. */
  readonly whole: string;
  /** After the decimal point. */
  readonly fraction: string;
  /** Digits without leading zeros, after a minus sign if there is one; empty for none and for zero. */
  readonly exponent: string;
}

const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;

// Every alternative starts with a different character, so that a text is read once, however long it is.
const numberPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?)(\d+))?$/;

/** The parts of `text`, or undefined where it is no number. */
export function parseNumber(text: string): NumberText | undefined {
  const match = numberPattern.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentSign, writtenExponent = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const exponent = writtenExponent.slice(leadingZeros(writtenExponent));
  return {
    negative: sign === "-",
    whole,
    fraction,
    exponent: exponentSign === "-" && exponent !== "" ? `-${exponent}` : exponent,
  };
}

/** Zero keeps the point it was written with, since its range is checked too. */
export function decimalOf(text: NumberText, exponent: number): Decimal {
  const written = text.whole + text.fraction;
  const start = leadingZeros(written);
  if (start === written.length) {
    return { negative: false, digits: "", point: 1 - text.fraction.length + exponent };
  }
  return {
    negative: text.negative,
    digits: written.slice(start, afterLastDigit(written)),
    point: text.whole.length - start + exponent,
  };
}

/** The one text of a number: no exponent, no sign on zero, no zeros that say nothing. */
export function plainText({ negative, digits, point }: Decimal): string {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Whether `text` is a plain text of at most `digitsMax` digits; false says nothing. The fast road of every write. */
export function isPlainText(text: string, digitsMax: number): boolean {
  const length = text.length;
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  const first = text.charCodeAt(start);
  // A zero may only stand before a decimal point, or alone.
  if (first === zero && text.charCodeAt(start + 1) !== dot) return length === 1;
  if (!isDigit(first) || length - start > digitsMax) return false;
  let dotAt = -1;
  for (let index = start + 1; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (isDigit(unit)) continue;
    if (unit !== dot || dotAt >= 0) return false;
    dotAt = index;
  }
  return dotAt < 0 || text.charCodeAt(length - 1) > zero;
}

function isDigit(unit: number): boolean {
  return unit >= zero && unit <= nine;
}

function leadingZeros(digits: string): number {
  let count = 0;
  while (digits.charCodeAt(count) === zero) count++;
  return count;
}

function afterLastDigit(digits: string): number {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === zero) end--;
  return end;
}
