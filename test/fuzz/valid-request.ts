/** An operation's name and a request the server takes as it is. */
export interface ValidRequest {
  readonly operation: string;
  readonly members: object;
}
