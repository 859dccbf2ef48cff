/** `ClientRequestToken`: what makes a transaction happen once however often it is sent. */
import { hash } from "node:crypto";
import type { Caller } from "../access/caller.ts";
import type { IdempotencyToken } from "../store/store.ts";
import type { OperationName } from "./operation.ts";

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

/** JSON in which the order of members says nothing, as in requests. */
function canonicalText(content: unknown): string {
  return JSON.stringify(content, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(byName));
  });
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
