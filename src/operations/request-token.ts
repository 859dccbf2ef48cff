/** `ClientRequestToken`: what makes a transaction happen once however often it is sent. */
import { hash } from "node:crypto";
import type { Caller } from "../access/caller.ts";
import type { IdempotencyToken } from "../store/store.ts";

/** `content`: what the request does, to be told from what another request with the same token does. */
export function idempotencyToken(
  caller: Caller,
  {
    operation,
    token,
    content,
  }: { readonly operation: string; readonly token: string; readonly content: unknown },
): IdempotencyToken {
  const { accountId, region } = caller;
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
