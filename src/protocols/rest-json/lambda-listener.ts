/** REST with JSON over HTTP, as Lambda speaks it: bytes to calls and back, beside the protocol of tables. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallerDefaults, SignedRequest } from "../../access/authentication.ts";
import { createAuthenticator } from "../../access/authenticator.ts";
import type { Caller } from "../../access/caller.ts";
import type { Clock } from "../../base/clock.ts";
import { isObject } from "../../model/check/json.ts";
import { ServiceError } from "../../model/errors.ts";
import {
  bodyTooLarge,
  foreignOrigin,
  lambdaFailure,
  unknownPath,
  unreadableContent,
} from "../../model/messages/functions.ts";
import type { LambdaDispatch } from "../../operations/lambda/lambda-dispatch.ts";
import { createSend, type Exchange, type Send } from "../aws-json/answer.ts";
import { decodeJson } from "../aws-json/decode-json.ts";
import { decompress } from "../aws-json/decompress.ts";
import { bodyBytesMax, readBody } from "../aws-json/read-body.ts";
import { answerOf } from "./answer-of.ts";
import { errorAnswer } from "./encode-error.ts";
import { isLambdaUrl, routeOf, type Route } from "./route.ts";

export interface LambdaListenerOptions {
  readonly dispatch: LambdaDispatch;
  readonly defaults: CallerDefaults;
  readonly clock: Clock;
  readonly newRequestId: () => string;
  /** Told of everything thrown that is no `ServiceError`; its client gets a 500. */
  readonly onBug: (error: unknown, requestId: string) => void;
}

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

interface Protocol extends LambdaListenerOptions {
  readonly send: Send;
  readonly authenticate: (request: SignedRequest) => Caller;
}

/** Answers requests to Lambda's paths and leaves all others to `next`. */
export function withLambda(options: LambdaListenerOptions, next: RequestListener): RequestListener {
  const protocol = {
    ...options,
    send: createSend(options.clock),
    authenticate: createAuthenticator({ ...options.defaults, service: "lambda" }),
  };
  return (request, response) => {
    if (!isLambdaUrl(request.url ?? "")) next(request, response);
    else answer(protocol, { request, response, requestId: options.newRequestId() });
  };
}

function answer(protocol: Protocol, exchange: Exchange): void {
  readBody(exchange.request, (body) => {
    if (body === undefined) {
      answerTooLarge(protocol, exchange);
      return;
    }
    decompress(body, exchange.request.headers["content-encoding"] ?? "", (result) => {
      if (result.kind === "too-large") answerTooLarge(protocol, exchange);
      else void answerCall(protocol, exchange, result.kind === "bytes" ? result.bytes : undefined);
    });
  });
}

function answerTooLarge({ send }: Protocol, exchange: Exchange): void {
  send(exchange, { ...errorAnswer(bodyTooLarge(bodyBytesMax)), last: true });
}

/** Nothing escapes from here: whatever is thrown becomes the answer. */
async function answerCall(protocol: Protocol, exchange: Exchange, body: Buffer | undefined): Promise<void> {
  const { dispatch, send, onBug } = protocol;
  const { request, requestId } = exchange;
  try {
    checkOrigin(request);
    const route = routeOf(request);
    if (route === undefined) throw unknownPath();
    if (body === undefined) throw unreadableContent();
    const caller = callerOf(protocol, request);
    const { operation } = route;
    const call = { operation, request: membersOf(route, body), payload: body, caller, requestId };
    send(exchange, answerOf(operation, await dispatch(call)));
  } catch (error) {
    if (!(error instanceof ServiceError)) onBug(error, requestId);
    send(exchange, errorAnswer(error instanceof ServiceError ? error : lambdaFailure(error)));
  }
}

/**
 * Mappings call code and write to destinations: a page that somebody looks at in a browser must not make them. Who is
 * no browser sends no origin.
 */
function checkOrigin({ headers: { origin, host } }: IncomingMessage): void {
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)
    throw foreignOrigin();
}

function callerOf({ authenticate }: Protocol, { headers, url = "" }: IncomingMessage): Caller {
  const amzDate = headers["x-amz-date"];
  const question = url.indexOf("?");
  return authenticate({
    authorization: headers.authorization,
    amzDate: typeof amzDate === "string" ? amzDate : amzDate?.[0],
    date: headers.date,
    query: question < 0 ? "" : url.slice(question + 1),
  });
}

/** All members of a request. Those of its path count more than those of its body. */
function membersOf({ members, hasBodyMembers }: Route, body: Buffer): object {
  if (!hasBodyMembers || body.length === 0) return members;
  const value = jsonOf(body);
  if (!isObject(value)) throw unreadableContent();
  return { ...value, ...members };
}

function jsonOf(body: Buffer): unknown {
  try {
    return decodeJson(body);
  } catch (error) {
    throw error instanceof ServiceError ? unreadableContent() : error;
  }
}
