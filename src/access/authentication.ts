/**
 * Who sends a request, by what its signature says. Signatures are not verified: nothing is proven here. For the same
 * reason a clock that is off by more than 15 minutes is let pass, which the service refuses.
 */
import {
  headerPartsMissing,
  hostNotSigned,
  malformedCredential,
  notBasicDate,
  notKeyValue,
  notSigned,
  queryPartsMissing,
  scopeDate,
  scopeRegion,
  scopeService,
  scopeTerminator,
  signedTwice,
  unsupportedAlgorithm,
  wrongScope,
} from "../model/messages/signatures.ts";
import { accountIdOf } from "./account-id.ts";
import type { Caller } from "./caller.ts";

/** The parts of an HTTP request that carry its signature. */
export interface SignedRequest {
  readonly authorization: string | undefined;
  /** The `X-Amz-Date` header. */
  readonly amzDate: string | undefined;
  /** The `Date` header. */
  readonly date: string | undefined;
  /** What stands behind the question mark of the URL. */
  readonly query: string;
}

/** Where calls belong that do not say. */
export interface CallerDefaults {
  readonly accountId: string;
  readonly region: string;
  /** The service that requests are signed for; default `dynamodb`. */
  readonly service?: string;
}

/** What a signature says of itself. */
interface Signature {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: string;
  /** As it was sent. */
  readonly date: string;
}

const algorithmSupported = "AWS4-HMAC-SHA256";
const scopePattern = /^[a-z0-9-]+$/;
const timestampPattern = /^\d{8}T\d{6}Z$/;

/** The sender of `request`. Throws the service's refusals of requests that are signed wrongly or not at all. */
export function authenticate(request: SignedRequest, defaults: CallerDefaults): Caller {
  const { authorization, query } = request;
  if (!query.includes("X-Amz-Algorithm")) {
    if (authorization === undefined) throw notSigned();
    return callerOf(signatureOfHeader(authorization, request), defaults);
  }
  const parameters = new URLSearchParams(query);
  if (!parameters.has("X-Amz-Algorithm")) return authenticate({ ...request, query: "" }, defaults);
  if (authorization !== undefined) throw signedTwice();
  return callerOf(signatureOfQuery(parameters), defaults);
}

function signatureOfHeader(header: string, request: SignedRequest): Signature {
  if (!header.startsWith("AWS4-")) throw notSigned();
  const end = header.indexOf(" ");
  const parts = header.slice(end < 0 ? header.length : end + 1);
  const credential = partOf(parts, "Credential=");
  const signature = partOf(parts, "Signature=");
  const signedHeaders = partOf(parts, "SignedHeaders=");
  const date = request.amzDate ?? request.date ?? "";
  if (credential === "" || signature === "" || signedHeaders === "" || date === "") {
    const named = { Credential: credential, Signature: signature, SignedHeaders: signedHeaders };
    const missing = Object.entries(named).flatMap(([name, value]) => (value === "" ? [name] : []));
    throw headerPartsMissing(missing, date === "", header);
  }
  checkKeyValues(parts, header);
  return { algorithm: end < 0 ? header : header.slice(0, end), credential, signedHeaders, date };
}

/** The value of the part that begins with `prefix`; empty when there is none. Parts are divided by commas. */
function partOf(parts: string, prefix: string): string {
  for (let from = 0; from < parts.length;) {
    const comma = parts.indexOf(",", from);
    const until = comma < 0 ? parts.length : comma;
    while (parts.charCodeAt(from) === 0x20) from += 1;
    if (parts.startsWith(prefix, from)) return parts.slice(from + prefix.length, until).trimEnd();
    from = until + 1;
  }
  return "";
}

function checkKeyValues(parts: string, header: string): void {
  for (let from = 0; from < parts.length;) {
    const comma = parts.indexOf(",", from);
    const until = comma < 0 ? parts.length : comma;
    const part = parts.slice(from, until).trim();
    if (part !== "" && !part.includes("=")) throw notKeyValue(part, header);
    from = until + 1;
  }
}

function signatureOfQuery(parameters: URLSearchParams): Signature {
  const names = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
  ];
  const missing = names.filter((name) => (parameters.get(name) ?? "") === "");
  if (missing.length > 0) throw queryPartsMissing(missing);
  return {
    algorithm: parameters.get("X-Amz-Algorithm") ?? "",
    credential: parameters.get("X-Amz-Credential") ?? "",
    signedHeaders: parameters.get("X-Amz-SignedHeaders") ?? "",
    date: parameters.get("X-Amz-Date") ?? "",
  };
}

function callerOf(
  { algorithm, credential, signedHeaders, date }: Signature,
  defaults: CallerDefaults,
): Caller {
  const timestamp = timestampOf(date);
  if (timestamp === undefined) throw notBasicDate(date);
  if (!namesHost(signedHeaders)) throw hostNotSigned();
  if (algorithm !== algorithmSupported) throw unsupportedAlgorithm(algorithm);
  const elements = credential.split("/");
  const [accessKeyId = "", day = "", region = "", service = "", terminator = ""] = elements;
  if (elements.length !== 5) throw malformedCredential(credential);
  const wrong: string[] = [];
  if (!scopePattern.test(region)) wrong.push(scopeRegion(region));
  const expected = defaults.service ?? "dynamodb";
  if (service !== expected) wrong.push(scopeService(expected));
  if (terminator !== "aws4_request") wrong.push(scopeTerminator(terminator));
  if (!timestamp.startsWith(day) || day.length !== 8) wrong.push(scopeDate(day, timestamp));
  if (wrong.length > 0) throw wrongScope(wrong);
  return { accountId: accountIdOf(accessKeyId) ?? defaults.accountId, region, accessKeyId };
}

/** `date` in ISO-8601 basic form, or undefined. The `Date` header may also be in the form of HTTP. */
function timestampOf(date: string): string | undefined {
  if (timestampPattern.test(date)) return date;
  if (!date.endsWith(" GMT")) return undefined;
  const time = Date.parse(date);
  if (Number.isNaN(time)) return undefined;
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

function namesHost(signedHeaders: string): boolean {
  return `;${signedHeaders};`.includes(";host;");
}
