/** Who sent a call, and where to: tables belong to an account and a region. */
export interface Caller {
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
}
