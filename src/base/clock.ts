/** Where the time comes from. Everything takes it as a value, so that tests and a development switch can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
