import { setImmediate } from "node:timers/promises";

/** Lets everything else that waits have its turn, so that long work in steps does not hold up requests. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
