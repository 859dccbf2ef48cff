import { invalid, invalidRequest } from "../model/errors.ts";
import { notANumber, numberOverflow, numberUnderflow, tooManyDigits } from "../model/messages/values.ts";
import type { Wording } from "../model/wording.ts";
import { decimalOf, isPlainText, parseNumber, plainText } from "./decimal.ts";
import type { Decimal, NumberText } from "./decimal.ts";
import { digitSpan, pairAt } from "./digit-span.ts";
import { numberDigitsMax, numberPointMax, numberPointMin } from "./limits.ts";

const int32Max = 2 ** 31 - 1;
const int32Min = -(2 ** 31);

/** A text of so many characters has no more digits than a double holds, so doubles compare and add it exactly. */
const doubleCharactersMax = 15;

/** The text the service keeps of a number that a client wrote; refuses what it would not keep. */
export function canonicalNumber(text: string, wording: Wording): string {
  if (isPlainText(text, numberDigitsMax)) return text;
  const decimal = readDecimal(text, wording);
  if (decimal === undefined) throw notANumber(text, wording);
  const excess = rangeExcess(decimal);
  if (excess !== undefined) throw invalidRequest(excess);
  if (decimal.digits.length > numberDigitsMax) throw tooManyDigits();
  return plainText(decimal);
}

/** Orders canonical texts by what they stand for. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length <= doubleCharactersMax && right.length <= doubleCharactersMax) {
    return Number(left) - Number(right);
  }
  const negative = left.startsWith("-");
  if (negative !== right.startsWith("-")) return negative ? -1 : 1;
  return negative ? compareMagnitudes(right.slice(1), left.slice(1)) : compareMagnitudes(left, right);
}

/** The exact sum of canonical texts, as one; refuses what does not fit a number of the service. */
export function addNumbers(left: string, right: string): string {
  if (isShortInteger(left) && isShortInteger(right)) return String(Number(left) + Number(right));
  const places = Math.max(placesOf(left), placesOf(right));
  const sum = unscaled(left, places) + unscaled(right, places);
  return resultText(sum, places);
}

/** The exact difference of canonical texts, as one; refuses what does not fit a number of the service. */
export function subtractNumbers(left: string, right: string): string {
  return addNumbers(left, negated(right));
}

/**
 * The bytes the service counts for a canonical text: one, one for each pair of digits between the outermost that are
 * not 00 (pairs are cut at the decimal point), and one for a minus sign.
 */
export function numberSize(text: string): number {
  const span = digitSpan(text);
  if (span === undefined) return 1;
  const pairs = pairAt(span, span.first) - pairAt(span, span.last) + 1;
  return 1 + pairs + (span.negative ? 1 : 0);
}

function readDecimal(text: string, wording: Wording): Decimal | undefined {
  const number = parseNumber(text);
  if (number === undefined) return undefined;
  return wording === "older" ? readWrapping(number) : readWide(number);
}

/** The older layer counts in 32 bits: beyond them a text is no number, and the place of the first digit wraps. */
function readWrapping(number: NumberText): Decimal | undefined {
  const exponent = Number(number.exponent);
  if (!isInt32(exponent) || !isInt32(number.fraction.length - exponent)) return undefined;
  const decimal = decimalOf(number, exponent);
  return { ...decimal, point: decimal.point | 0 };
}

/** The current layer reads exponents of 64 bits. A double is close enough to tell that one is out of range. */
function readWide(number: NumberText): Decimal | undefined {
  return isInt64(number.exponent) ? decimalOf(number, Number(number.exponent)) : undefined;
}

function isInt32(value: number): boolean {
  return value >= int32Min && value <= int32Max;
}

/** `digits` has no leading zeros, so that of two texts of the same length the greater is the greater number. */
function isInt64(text: string): boolean {
  const negative = text.startsWith("-");
  const digits = negative ? text.slice(1) : text;
  if (digits.length !== 19) return digits.length < 19;
  return digits <= (negative ? "9223372036854775808" : "9223372036854775807");
}

function rangeExcess({ point }: Decimal): string | undefined {
  if (point > numberPointMax) return numberOverflow();
  return point < numberPointMin ? numberUnderflow() : undefined;
}

/**
 * Of plain texts without a sign the one with more digits before the point is greater, else the first difference tells.
 */
function compareMagnitudes(left: string, right: string): number {
  const difference = wholeDigits(left) - wholeDigits(right);
  if (difference !== 0) return difference;
  return left < right ? -1 : 1;
}

function wholeDigits(text: string): number {
  const dotAt = text.indexOf(".");
  return dotAt < 0 ? text.length : dotAt;
}

function isShortInteger(text: string): boolean {
  return text.length <= doubleCharactersMax && !text.includes(".");
}

function placesOf(text: string): number {
  const dotAt = text.indexOf(".");
  return dotAt < 0 ? 0 : text.length - dotAt - 1;
}

/** `text` times ten to the power of `places`. */
function unscaled(text: string, places: number): bigint {
  return BigInt(text.replace(".", "") + "0".repeat(places - placesOf(text)));
}

function negated(text: string): string {
  if (text === "0") return text;
  return text.startsWith("-") ? text.slice(1) : `-${text}`;
}

/**
 * `sum` with its last `places` digits behind the decimal point. Where that takes more than 38 digits the service calls
 * it an overflow, however small the number.
 */
function resultText(sum: bigint, places: number): string {
  const negative = sum < 0n;
  const whole = (negative ? -sum : sum).toString();
  const parts = { negative, whole, fraction: "", exponent: "" };
  const decimal = decimalOf(parts, -places);
  if (decimal.digits === "") return "0";
  const excess = decimal.digits.length > numberDigitsMax ? numberOverflow() : rangeExcess(decimal);
  if (excess !== undefined) throw invalid(excess);
  return plainText(decimal);
}
