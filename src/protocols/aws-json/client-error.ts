import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Answers what is not even HTTP, or took too long to become it, and closes the connection. The service answers 400 to
 * a request line or headers that are too long.
 */
export function answerClientError(error: Error, socket: Socket): void {
  if (!socket.writable || hasAnswerUnderWay(socket)) {
    socket.destroy();
    return;
  }
  const timedOut = "code" in error && error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const status = timedOut ? "408 Request Timeout" : "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
}

/** Node keeps the answer that is being sent in a member that only its documentation names. */
function hasAnswerUnderWay(socket: Socket & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}
