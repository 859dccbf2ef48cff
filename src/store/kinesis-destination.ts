/** A Kinesis stream that the changes of a table are delivered to: what is kept of it, beside the table. */
export interface KinesisDestination {
  /** Which stream; a table names each once. */
  readonly streamArn: string;
  /** Under which its delivery reads the change log: a new one each time it is enabled. */
  readonly readerId: string;
  /**
   * Changes are logged for it from the moment it is `enabling`, before anybody knows whether the stream is there, until
   * `disabling` has delivered what was written before. `failed`: it could not be enabled.
   */
  readonly state: "enabling" | "active" | "disabling" | "disabled" | "failed";
  /** When that began (milliseconds since the epoch). */
  readonly since: number;
  /** Until then it shows a change as under way, at least. */
  readonly changingUntil?: number | undefined;
  /** Of the times that records tell; absent: nobody asked, which is milliseconds. */
  readonly precision?: TimePrecision | undefined;
  /** When that was changed, oldest first: as far back as the limit looks. */
  readonly precisionChanges?: readonly number[] | undefined;
  /** Why it failed, or was disabled by nobody's wish. */
  readonly reason?: string | undefined;
}

export type TimePrecision = "MILLISECOND" | "MICROSECOND";
