/** Time to live as the definition of a table keeps it. Absent for a table that never had it. */
export interface ExpiryState {
  /** Items expire at the second since 1970 that is in this attribute. */
  readonly attribute: string;
  readonly enabled: boolean;
  /** The queue of the items by the time of their expiry: each enabling begins a new one, and ids are never reused. */
  readonly queueId: number;
  /** When it was enabled or disabled (milliseconds since the epoch). */
  readonly changedAt: number;
  /** Until then (milliseconds since the epoch) descriptions show that as under way. */
  readonly changingUntil?: number | undefined;
}

/** The queue that writers keep, if they keep one. */
export function keptQueueId(state: ExpiryState | undefined): number | undefined {
  return state?.enabled === true ? state.queueId : undefined;
}
