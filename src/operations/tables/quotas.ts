/** The service's default quotas of an account, as DescribeLimits shows them. */
export const accountUnitsMax = 80_000;
export const tableUnitsMax = 40_000;

/** How many indexes a table may have. */
export const localIndexesMax = 5;
export const globalIndexesMax = 20;

/** The times in `times` that lie in the window before `now`: what a "so often in so long" limit counts. */
export function recentTimes(
  times: readonly number[] | undefined,
  now: number,
  windowMs: number,
): readonly number[] {
  return (times ?? []).filter((time) => time > now - windowMs);
}
