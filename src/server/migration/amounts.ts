/** Numbers as people read them. */

export function wholeNumber(number: number): string {
  return Math.round(number)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A number of things, whose name takes an "s" where they are several. */
export function countOf(number: number, thing: string): string {
  return `${wholeNumber(number)} ${thing}${number === 1 ? "" : "s"}`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"];

/** An amount of data, rounded. */
export function amountText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 999.95 && unit < units.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit] ?? ""}`;
}

export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${wholeNumber(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
