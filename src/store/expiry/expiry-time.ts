/** When items expire, and which of them have. Seconds here are whole, since 1970. */
import { attributeOf, type Item } from "../../model/attribute-value.ts";

/** The end of the year 9999. Numbers are often milliseconds by mistake: such items live on, as they do on Amazon. */
const secondMax = 253_402_300_799;

/** So long ago (5 × 365 days) an expiry counts for nothing: the service guards against values that are no times. */
const forgottenAfterSeconds = 5 * 365 * 86_400;

/** Half-open. */
export interface Seconds {
  readonly from: number;
  readonly until: number;
}

/**
 * The second in the attribute of an item, decimals cut off; undefined where no time will ever come at which the item
 * expires: it is no number, negative, or beyond all times.
 */
export function expirySecond(item: Item | undefined, attribute: string): number | undefined {
  const text = item === undefined ? undefined : attributeOf(item, attribute)?.N;
  if (text === undefined || text.startsWith("-")) return undefined;
  const dotAt = text.indexOf(".");
  const whole = Number(dotAt < 0 ? text : text.slice(0, dotAt));
  return whole <= secondMax ? whole : undefined;
}

/** The seconds of the items that have expired at `moment` (milliseconds since the epoch). */
export function expiredAt(moment: number): Seconds {
  const until = Math.max(0, Math.ceil(moment / 1000));
  return { from: Math.max(0, Math.ceil(moment / 1000 - forgottenAfterSeconds)), until };
}
