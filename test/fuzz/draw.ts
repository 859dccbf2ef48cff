/** Choices drawn from one seeded stream of numbers in [0, 1). */
export interface Draw {
  /** A whole number from 0 until `bound`. */
  below(bound: number): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  pick<Thing>(things: readonly [Thing, ...Thing[]]): Thing;
}

export function createDraw(random: () => number): Draw {
  const below = (bound: number): number => Math.floor(random() * bound);
  return {
    below,
    chance: (share) => random() < share,
    pick: (things) => things[below(things.length)] ?? things[0],
  };
}
