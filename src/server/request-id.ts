import { randomBytes } from "node:crypto";

/** 32 letters, so that five bits of a random byte pick one without bias; the service's ids use no others. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const idLength = 52;
const idsPerPool = 80;

/** Makes ids like the service's, 52 letters and digits. Randomness is drawn for many ids at once. */
export function createRequestIds(): () => string {
  let pool = "";
  let next = 0;
  return () => {
    if (next === pool.length) {
      pool = randomLetters(idLength * idsPerPool);
      next = 0;
    }
    next += idLength;
    return pool.slice(next - idLength, next);
  };
}

function randomLetters(count: number): string {
  const bytes = randomBytes(count);
  for (let index = 0; index < count; index += 1) bytes[index] = alphabet.charCodeAt((bytes[index] ?? 0) & 31);
  return bytes.toString("latin1");
}
