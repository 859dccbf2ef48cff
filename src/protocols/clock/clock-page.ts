/** The development clock over HTTP: `GET /_stator/clock` reads it, `PUT` moves it forward. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MovableTime } from "../../base/movable-time.ts";
import { readBody } from "../aws-json/read-body.ts";

const path = "/_stator/clock";

/** Later moments do not fit where times are kept. */
const latestMs = Date.UTC(9999, 11, 31);

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers requests to the clock's page and leaves all others to `next`. */
export function withClockPage(time: MovableTime, next: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url !== path) next(request, response);
    else if (request.method === "GET") send(response, 200, reading(time));
    else if (request.method === "PUT") {
      readBody(request, (body) => {
        const moved = body === undefined ? undefined : moveOf(body, time.clock.now());
        if (moved === undefined) send(response, 400, { message: usage });
        else {
          time.advance(moved);
          send(response, 200, reading(time));
        }
      });
    } else {
      request.resume();
      send(response, 405, { message: "The clock is read with GET and moved with PUT" });
    }
  };
}

const usage =
  'The body is {"advanceMs": a number of milliseconds} or {"now": a moment, in ISO 8601 or in milliseconds ' +
  "since 1970}. Time moves forward only, and not beyond the year 9999";

function reading({ clock }: MovableTime) {
  const nowMs = clock.now();
  return { now: new Date(nowMs).toISOString(), nowMs };
}

/** By how many milliseconds the body asks to move the clock; undefined where that cannot be had. */
function moveOf(body: Buffer, now: number): number | undefined {
  const { advanceMs, now: moment, ...others } = jsonObject(body) ?? { neither: true };
  if (Object.keys(others).length > 0 || (advanceMs === undefined) === (moment === undefined))
    return undefined;
  const moved = advanceMs ?? momentMs(moment) - now;
  if (typeof moved !== "number" || !(moved >= 0) || !(now + moved <= latestMs)) return undefined;
  return Math.ceil(moved);
}

function momentMs(moment: unknown): number {
  if (typeof moment === "number") return moment;
  return typeof moment === "string" ? Date.parse(moment) : Number.NaN;
}

function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": length });
  response.end(text);
}
