import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ServiceError } from "../model/errors.ts";
import { authenticate, type SignedRequest } from "./authentication.ts";

const defaults = { accountId: "000000000000", region: "us-east-1" };
const scope = "20261121/eu-west-2/dynamodb/aws4_request";

function header(
  parts: { algorithm?: string; credential?: string; signedHeaders?: string; more?: string } = {},
) {
  const {
    algorithm = "AWS4-HMAC-SHA256",
    credential = `key/${scope}`,
    signedHeaders = "host;x-amz-date",
  } = parts;
  return `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=abc${parts.more ?? ""}`;
}

function signed(changes: Partial<SignedRequest> = {}): SignedRequest {
  return {
    authorization: header(),
    amzDate: "20261121T120000Z",
    date: undefined,
    query: "",
    ...changes,
  };
}

function refusalOf(request: SignedRequest): [name: string, message: string] {
  try {
    authenticate(request, defaults);
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    return [error.name, error.message];
  }
  return assert.fail("the request was let pass");
}

test("the credential scope names the region, and the access key the account", () => {
  assert.deepEqual(authenticate(signed(), defaults), {
    accountId: "000000000000",
    region: "eu-west-2",
    accessKeyId: "key",
  });
  assert.deepEqual(
    authenticate(signed({ authorization: header({ credential: `123456789012/${scope}` }) }), defaults),
    {
      accountId: "123456789012",
      region: "eu-west-2",
      accessKeyId: "123456789012",
    },
  );
});

for (const region of ["local", "localhost", "ddblocal", "us-gov-west-1"]) {
  test(`"${region}" is a region`, () => {
    const credential = `key/20261121/${region}/dynamodb/aws4_request`;
    assert.equal(authenticate(signed({ authorization: header({ credential }) }), defaults).region, region);
  });
}

test("parts are found in any order and with any blanks", () => {
  const authorization = `AWS4-HMAC-SHA256 Signature=abc,SignedHeaders=host,Credential=key/${scope}`;
  assert.equal(authenticate(signed({ authorization }), defaults).region, "eu-west-2");
});

test("the date may stand in the Date header, in the form of HTTP, too", () => {
  const request = signed({ amzDate: undefined, date: "Sat, 21 Nov 2026 12:00:00 GMT" });
  assert.equal(authenticate(request, defaults).region, "eu-west-2");
});

test("a request may be signed in its query", () => {
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `key/${scope}`,
    "X-Amz-Date": "20261121T120000Z",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "abc",
  });
  const request = { authorization: undefined, amzDate: undefined, date: undefined, query: query.toString() };
  assert.equal(authenticate(request, defaults).region, "eu-west-2");
});

test("other parameters of the query are nobody's business", () => {
  assert.equal(authenticate(signed({ query: "a=X-Amz-Algorithm" }), defaults).region, "eu-west-2");
});

const incomplete = "IncompleteSignatureException";
const invalid = "InvalidSignatureException";
const missing = "MissingAuthenticationTokenException";
const noEquals = header({ more: ", foo" });

/** In the order of the checks: of two faults, the one that stands first is told. */
const refusals: readonly [title: string, request: SignedRequest, name: string, message: string][] = [
  [
    "a signature in both places",
    signed({ query: "X-Amz-Algorithm=AWS4-HMAC-SHA256" }),
    invalid,
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ],
  ["no signature", signed({ authorization: undefined }), missing, "Request is missing Authentication Token"],
  [
    "another scheme",
    signed({ authorization: "Basic abc" }),
    missing,
    "Request is missing Authentication Token",
  ],
  [
    "a header without parts",
    signed({ authorization: "AWS4-", amzDate: undefined }),
    incomplete,
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either " +
      "a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-",
  ],
  [
    "a header without signature",
    signed({ authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b" }),
    incomplete,
    "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b",
  ],
  [
    "a query without parts",
    signed({ authorization: undefined, query: "X-Amz-Algorithm=" }),
    incomplete,
    "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include " +
      "'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters " +
      "must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. " +
      "Re-examine the query-string parameters.",
  ],
  [
    "a part without equal-sign",
    signed({ authorization: noEquals, amzDate: "x" }),
    incomplete,
    `'foo' not a valid key=value pair (missing equal-sign) in Authorization header: '${noEquals}'.`,
  ],
  [
    "a date in another form",
    signed({ amzDate: "2026-11-21", authorization: header({ signedHeaders: "x" }) }),
    incomplete,
    "Date must be in ISO-8601 'basic format'. Got '2026-11-21'. See http://en.wikipedia.org/wiki/ISO_8601",
  ],
  [
    "an unsigned host",
    signed({ authorization: header({ signedHeaders: "x-host;hosts", algorithm: "AWS4-X" }) }),
    invalid,
    "'Host' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    "another algorithm",
    signed({ authorization: header({ algorithm: "AWS4-HMAC-SHA25", credential: "x" }) }),
    incomplete,
    "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
  ],
  [
    "a malformed credential",
    signed({ authorization: header({ credential: "a/b/c" }) }),
    incomplete,
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c'",
  ],
  [
    "a wrong scope",
    signed({ authorization: header({ credential: "a/b/C!/s3/e" }) }),
    invalid,
    "Credential should be scoped to a valid region, not 'C!'. Credential should be scoped to correct service: " +
      "'dynamodb'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in Credential " +
      "scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20261121', from '20261121T120000Z'.",
  ],
];

for (const [title, request, name, message] of refusals) {
  test(`${title} is refused`, () => {
    assert.deepEqual(refusalOf(request), [name, message]);
  });
}

test("whatever is sent as a signature, the only error is the service's", () => {
  const part = fc.constantFrom(
    "Credential=",
    "Signature=",
    "SignedHeaders=",
    "host",
    ",",
    "/",
    " ",
    "=",
    "a",
    `k/${scope}`,
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.string(), fc.option(fc.string()), (parts, amzDate, query) => {
      try {
        authenticate(signed({ authorization: `AWS4-HMAC-SHA256 ${parts}`, amzDate }), defaults);
        authenticate(
          signed({ authorization: undefined, query: `X-Amz-Algorithm=${query ?? parts}` }),
          defaults,
        );
      } catch (error) {
        assert.ok(error instanceof ServiceError, String(error));
      }
    }),
  );
});
