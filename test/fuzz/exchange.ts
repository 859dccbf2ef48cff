import { request, type Agent } from "node:http";
import { connect, type Socket } from "node:net";
import type { Transmission, WireRequest } from "./mutate-bytes.ts";

/** The statuses of all answers that came, and the text of the last part of them. */
export interface Exchange {
  readonly statuses: readonly number[];
  readonly text: string;
}

const answerMsMax = 20_000;
/** A connection on which nothing comes for this long will bring nothing: half requests get no answer. */
const quietMs = 60;
const textMax = 5000;

/** Sends a well-formed request and waits for its one answer. */
export function post(port: number, { target, body }: WireRequest, agent: Agent): Promise<Exchange> {
  const headers = {
    "x-amz-target": target,
    "content-type": "application/x-amz-json-1.0",
    "x-amz-date": "20261001T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=000000000000/20261001/us-east-1/dynamodb/aws4_request, " +
      "SignedHeaders=host;x-amz-date, Signature=00",
    "content-length": body.length,
  };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, method: "POST", agent, headers, timeout: answerMsMax };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ statuses: [response.statusCode ?? 0], text: Buffer.concat(chunks).toString() });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer came")));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Sends whatever `transmission` holds on a connection of its own and gathers what comes back. */
export function transmit(port: number, { pieces, hangsUp }: Transmission): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const statuses: number[] = [];
    let text = "";
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const finish = (): void => {
      socket.destroy();
      resolve({ statuses, text });
    };
    socket.setTimeout(quietMs, finish);
    socket.on("data", (chunk: Buffer) => {
      const seen = text + chunk.toString("latin1");
      // A status line that is cut in two stays in the text until the rest of it is there.
      text = seen.replace(/HTTP\/1\.1 (\d{3}) /g, (_, status: string) => {
        statuses.push(Number(status));
        return "";
      });
      text = text.slice(-textMax);
    });
    socket.on("end", finish);
    // The server may well cut a connection that makes no sense.
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") reject(error);
      else finish();
    });
    socket.once("connect", () => {
      void sendAll(socket, pieces).then(() => {
        if (hangsUp && !socket.destroyed) socket.end();
      });
    });
  });
}

async function sendAll(socket: Socket, pieces: Iterable<Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) return;
    if (!socket.write(piece)) {
      await drained(socket);
    }
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}
