/** When a change begins, and how long those changes last that take time. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly delayMs: number;
}
