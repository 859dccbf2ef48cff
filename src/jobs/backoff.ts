const firstMs = 100;
const longestMs = 30_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, and by chance up to half of it less, so
 * that many who failed together do not come back together. `random` gives a number from 0 to below 1.
 */
export function backoffMs(failures: number, random: () => number): number {
  const ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16));
  return ms - (ms / 2) * random();
}
