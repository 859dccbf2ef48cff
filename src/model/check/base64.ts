import type { ServiceError } from "../errors.ts";
import { base64Character, base64Ending, base64Length } from "../messages/requests.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const wellFormed = /^[A-Za-z0-9+/]*={0,2}$/;

/** What is wrong with `text` as padded base64, or undefined. */
export function base64Fault(text: string): ServiceError | undefined {
  if (text.length % 4 !== 0) return base64Length(text.length);
  if (!wellFormed.test(text)) return base64Character(strangeCharacter(text));
  // The bits of the last digit that fall outside the last byte must be zero: "QQ==" is legal and "QR==" is not.
  if (text.endsWith("==")) return digitAt(text, -3) % 16 === 0 ? undefined : base64Ending();
  if (text.endsWith("=")) return digitAt(text, -2) % 4 === 0 ? undefined : base64Ending();
  return undefined;
}

function digitAt(text: string, position: number): number {
  return digits.indexOf(text.at(position) ?? "");
}

/** The first character that is no base64 digit: padding is one too where more text follows it. */
function strangeCharacter(text: string): string {
  for (const character of text) {
    if (!digits.includes(character)) return character;
  }
  return "=";
}
