import type { IncomingMessage } from "node:http";

/** The service takes no larger body, compressed or not. */
export const bodyBytesMax = 16 * 1024 * 1024;

/**
 * How much of a body that is too large is read and thrown away before the answer: clients look for an answer only
 * after they have sent everything. Who sends more than this is cut off.
 */
const discardedBytesMax = 8 * bodyBytesMax;

/** Told once how the reading of a body ended: with all its bytes, or with undefined when it is too large. */
export type BodyRead = (body: Buffer | undefined) => void;

/** Reads the body of `request`. A client that goes away before the end is told to nobody. */
export function readBody(request: IncomingMessage, done: BodyRead): void {
  if (Number(request.headers["content-length"] ?? 0) > discardedBytesMax) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    if (length > bodyBytesMax) done(undefined);
    else done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
  };
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= bodyBytesMax) chunks.push(chunk);
    else chunks.length = 0;
    if (length > discardedBytesMax) end();
  });
  request.on("end", end);
  // Node reports half requests and broken connections here; there is nobody left to answer.
  request.on("error", () => {
    ended = true;
    chunks.length = 0;
  });
}
