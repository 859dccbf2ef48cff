import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, crc32, deflate, gzip } from "node:zlib";
import type { Clock } from "../../base/clock.ts";
import { gatherTurn } from "../../base/gather-turn.ts";
import { acceptedEncoding } from "./accepted-encoding.ts";

/** The service sends smaller bodies as they are. */
const compressedBytesMin = 4096;
const joinedBytesMax = 16_384;

/**
 * How many answers wait for each other. Sent one by one, each wakes a client that went to sleep meanwhile: measured at
 * 32 connections, that was a third of all the time a GetItem took.
 */
const gatheredAnswersMax = 16;

/** One request and the way back to who sent it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** What is said to a client. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Names and values by turns. */
  readonly headers?: readonly string[];
  /** The rest of the request is not wanted: the connection ends with this answer. */
  readonly last?: boolean;
}

/** Sends answers with the headers that all of them carry. */
export type Send = (exchange: Exchange, answer: Answer) => void;

export function createSend(clock: Clock): Send {
  const dateOf = createHttpDate(clock);
  const write = gatherTurn<Due>(gatheredAnswersMax, ({ exchange, answer }) => {
    writeAnswer(exchange, answer, dateOf());
  });
  return (exchange, answer) => {
    const encoding =
      answer.body.length > compressedBytesMin
        ? acceptedEncoding(exchange.request.headers["accept-encoding"])
        : undefined;
    if (encoding === undefined) write({ exchange, answer });
    else {
      compress(answer, encoding, (compressed) => {
        write({ exchange, answer: compressed });
      });
    }
  };
}

/** Gives `answer` compressed, or as it is where that fails. */
function compress(answer: Answer, encoding: "gzip" | "deflate", done: (answer: Answer) => void): void {
  const shrink = encoding === "gzip" ? gzip : deflate;
  shrink(answer.body, { level: constants.Z_BEST_SPEED }, (error, body) => {
    const headers = ["Content-Encoding", encoding, ...(answer.headers ?? [])];
    done(error === null ? { ...answer, body, headers } : answer);
  });
}

/** An answer that is ready to be sent. */
interface Due {
  readonly exchange: Exchange;
  readonly answer: Answer;
}

function writeAnswer({ request, response, requestId }: Exchange, answer: Answer, date: string): void {
  const { status, contentType, body, headers } = answer;
  const fields = [
    ...["Server", "Server", "Date", date, "x-amzn-RequestId", requestId, "x-amz-crc32", String(crc32(body))],
    ...["Content-Length", String(body.length)],
  ];
  if (contentType !== "") fields.push("Content-Type", contentType);
  if (request.headers.origin !== undefined) fields.push("Access-Control-Allow-Origin", "*");
  if (headers !== undefined) fields.push(...headers);
  if (answer.last === true) fields.push("Connection", "close");
  response.sendDate = false;
  response.writeHead(status, fields);
  // Node joins headers and body to one packet when both are text. A large body is not worth the copy.
  if (body.length > joinedBytesMax) response.end(body);
  else response.end(body.toString("latin1"), "latin1");
}

/** The time as HTTP writes it; made once a second. */
function createHttpDate(clock: Clock): () => string {
  let second = -1;
  let text = "";
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      second = now;
      text = new Date(now * 1000).toUTCString();
    }
    return text;
  };
}
