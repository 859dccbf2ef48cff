/** AWS JSON 1.0 over HTTP: bytes to calls and back, with the checks that come before any operation, in their order. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CallerDefaults, SignedRequest } from "../../access/authentication.ts";
import { createAuthenticator } from "../../access/authenticator.ts";
import type { Caller } from "../../access/caller.ts";
import type { Clock } from "../../base/clock.ts";
import { ServiceError } from "../../model/errors.ts";
import { internalFailure } from "../../model/messages/failures.ts";
import { unknownOperation, unreadable } from "../../model/messages/requests.ts";
import type { Dispatch } from "../../operations/call.ts";
import type { OperationName } from "../../operations/operation.ts";
import { createSend, type Exchange, type Send } from "./answer.ts";
import { answerClientError } from "./client-error.ts";
import { contentTypeOf } from "./content-type.ts";
import { decodeJson } from "./decode-json.ts";
import { decompress } from "./decompress.ts";
import { encodeAnswer } from "./encode-answer.ts";
import { encodeError, statusOf } from "./encode-error.ts";
import { health, pageNotFound, preflight, tooLarge, unknownContentType } from "./pages.ts";
import { readBody } from "./read-body.ts";

export interface AwsJsonOptions {
  readonly dispatch: Dispatch;
  /** The operation of an `X-Amz-Target` header, such as `DynamoDB_20120810.GetItem`. */
  readonly operationOf: (target: string) => { readonly name: OperationName } | undefined;
  readonly defaults: CallerDefaults;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Told of everything thrown that is no `ServiceError`; its client gets a 500. */
  readonly onBug: (error: unknown, requestId: string) => void;
}

/** What a `node:http` server needs to speak the protocol. */
export interface AwsJsonListeners {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly clientError: (error: Error, socket: Socket) => void;
}

/** One request of the protocol on its way to an answer. */
interface ProtocolExchange extends Exchange {
  /** The type of the answer's body: the request's. */
  readonly contentType: string;
}

interface Protocol extends AwsJsonOptions {
  readonly send: Send;
  readonly authenticate: (request: SignedRequest) => Caller;
}

export function createAwsJsonListeners(options: AwsJsonOptions): AwsJsonListeners {
  const protocol = {
    ...options,
    send: createSend(options.clock),
    authenticate: createAuthenticator(options.defaults),
  };
  return {
    request(request, response) {
      route(protocol, { request, response, requestId: options.newRequestId() });
    },
    clientError: answerClientError,
  };
}

function route(protocol: Protocol, exchange: Exchange): void {
  const { request } = exchange;
  if (request.method !== "POST") {
    answerPage(protocol, exchange);
    return;
  }
  const contentType = contentTypeOf(request.headers["content-type"]);
  readBody(request, (body) => {
    if (body === undefined) protocol.send(exchange, tooLarge(contentType ?? ""));
    else if (contentType === undefined) protocol.send(exchange, unknownContentType());
    else answerBody(protocol, { ...exchange, contentType }, body);
  });
}

function answerPage({ send, defaults }: Protocol, exchange: Exchange): void {
  const { method, url, headers } = exchange.request;
  exchange.request.resume();
  if (method === "OPTIONS" && headers.origin !== undefined) {
    send(
      exchange,
      preflight(headers["access-control-request-method"], headers["access-control-request-headers"]),
    );
    return;
  }
  const asksForHealth = (method === "GET" || method === "HEAD") && (url === "/" || url === "/ping");
  send(exchange, asksForHealth ? health(defaults.region) : pageNotFound());
}

function answerBody(protocol: Protocol, exchange: ProtocolExchange, body: Buffer): void {
  const encoding = exchange.request.headers["content-encoding"];
  if (encoding === undefined) {
    void answerCall(protocol, exchange, body);
    return;
  }
  decompress(body, encoding, (result) => {
    if (result.kind === "bytes") void answerCall(protocol, exchange, result.bytes);
    else if (result.kind === "too-large") protocol.send(exchange, tooLarge(exchange.contentType));
    // Amazon answers 500 here. What a client sends must not look like a failure of ours: see the listener's tests.
    else answerError(protocol, exchange, unreadable());
  });
}

/** Nothing escapes from here: whatever is thrown becomes the answer. */
async function answerCall(protocol: Protocol, exchange: ProtocolExchange, body: Buffer): Promise<void> {
  try {
    const { name, output } = await callOperation(protocol, exchange, body);
    const answer = emptyAnswers.has(name) ? noBytes : encodeAnswer(output);
    protocol.send(exchange, { status: 200, contentType: exchange.contentType, body: answer });
  } catch (error) {
    answerError(protocol, exchange, error);
  }
}

/** Operations whose answer has no body, not even an empty object. */
const emptyAnswers: ReadonlySet<OperationName> = new Set<OperationName>(["TagResource", "UntagResource"]);
const noBytes = Buffer.alloc(0);

async function callOperation(
  { operationOf, authenticate, dispatch }: Protocol,
  { request, requestId }: ProtocolExchange,
  body: Buffer,
): Promise<{ readonly name: OperationName; readonly output: object }> {
  const { headers, url = "" } = request;
  const operation = operationOf(headerOf(headers["x-amz-target"]) ?? "");
  // An empty body is no JSON, but whoever names no operation is told that first.
  if (body.length === 0 && operation === undefined) throw unknownOperation();
  const value = decodeJson(body);
  if (operation === undefined) throw unknownOperation();
  const caller = authenticate({
    authorization: headers.authorization,
    amzDate: headerOf(headers["x-amz-date"]),
    date: headers.date,
    query: url.includes("?") ? url.slice(url.indexOf("?") + 1) : "",
  });
  const call = { operation: operation.name, request: value, caller, requestId };
  return { name: operation.name, output: await dispatch(call) };
}

function answerError({ send, onBug }: Protocol, exchange: ProtocolExchange, error: unknown): void {
  if (!(error instanceof ServiceError)) onBug(error, exchange.requestId);
  const refusal = error instanceof ServiceError ? error : internalFailure(error);
  send(exchange, {
    status: statusOf(refusal),
    contentType: exchange.contentType,
    body: encodeError(refusal),
  });
}

/** Node types headers it does not know as lists, too, though it joins them. */
function headerOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}
