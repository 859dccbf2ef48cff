/** `ClientRequestToken`: what makes a transaction happen once however often it is sent. */
import { hash } from "node:crypto";
import type { Caller } from "../../access/caller.ts";
import type { IdempotencyToken } from "../../store/store.ts";
import type { OperationName } from "../operation.ts";

/** A request that may come with a token. */
export interface TokenedRequest {
  readonly operation: OperationName;
  readonly token: string | undefined;
  /** What it does, by which it is told from another request with the same token. */
  readonly content: unknown;
}

export function idempotencyToken(
  { accountId, region }: Caller,
  { operation, token, content }: TokenedRequest,
): IdempotencyToken | undefined {
  if (token === undefined) return undefined;
  return {
    scope: { accountId, region },
    // Operations do not share tokens.
    token: `${operation}\0${token}`,
    fingerprint: hash("sha256", canonicalText(content), "buffer"),
  };
}

/** Text that is the same for the same content, in whatever order its members stand. Requests are of bounded depth. */
function canonicalText(content: unknown): string {
  if (typeof content !== "object" || content === null) return JSON.stringify(content);
  if (Array.isArray(content)) return `[${content.map(canonicalText).join()}]`;
  const members = Object.entries(content);
  if (members.length > 1) members.sort(byName);
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonicalText(value)}`).join()}}`;
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
