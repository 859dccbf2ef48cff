/** What the person who runs the server chose about its behaviour. */
export interface Settings {
  /** How long a table shows CREATING, UPDATING or DELETING; 0 answers ACTIVE at the first DescribeTable. */
  readonly tableDelayMs: number;
  /** The only folder in which triggers may tell files of batches given up, as a URL without a slash at its end. */
  readonly failureFolder?: string | undefined;
}
