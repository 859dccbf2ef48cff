import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ServiceError } from "../model/errors.ts";
import { authenticate, type SignedRequest } from "./authentication.ts";
import { createAuthenticator } from "./authenticator.ts";

const defaults = { accountId: "000000000000", region: "us-east-1" };

function outcomeOf(authenticated: () => unknown): unknown {
  try {
    return authenticated();
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return [error.name, error.message];
  }
}

test("whatever came before, a request is answered as if it were the first", () => {
  const authorization = fc
    .array(
      fc.constantFrom(
        "AWS4-HMAC-SHA256 ",
        "Credential=key/20261121/eu-west-2/dynamodb/aws4_request",
        "Credential=123456789012/20261121/us-west-2/dynamodb/aws4_request",
        "SignedHeaders=host;x-amz-date",
        "SignedHeaders=x-amz-date",
        "Signature=abc",
        "Signature=",
        ", ",
        ",",
        " ",
        "x",
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(""));
  const usual = fc
    .tuple(fc.constantFrom("key", "123456789012"), fc.constantFrom("a", "b", "", "a b", "a,b", "a,"))
    .map(
      ([key, signature]) =>
        `AWS4-HMAC-SHA256 Credential=${key}/20261121/eu-west-2/dynamodb/aws4_request, ` +
        `SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  const request: fc.Arbitrary<SignedRequest> = fc.record({
    authorization: fc.oneof(usual, authorization, fc.constant(undefined)),
    amzDate: fc.constantFrom(
      ...["20261121T120000Z", "20261122T120000Z", "Signature=20261121T120000Z", "", undefined],
    ),
    date: fc.constantFrom(undefined, "Sat, 21 Nov 2026 12:00:00 GMT"),
    query: fc.constantFrom("", "X-Amz-Algorithm=AWS4-HMAC-SHA256"),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
      const authenticator = createAuthenticator(defaults);
      for (const each of requests) {
        assert.deepEqual(
          outcomeOf(() => authenticator(each)),
          outcomeOf(() => authenticate(each, defaults)),
        );
      }
    }),
    { numRuns: 500 },
  );
});
