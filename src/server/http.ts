/** The HTTP server itself: limits, listening and an orderly end. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** The service refuses a request line and headers above this. */
const headerBytesMax = 16_384;
/** Longer than clients keep idle connections in their pools, so that it is the client who closes. */
const keepAliveMs = 75_000;
/** A client gets this long to send its headers and, all in all, its request. */
const headersMs = 30_000;
const requestMs = 120_000;
/** How long requests under way may take after `close`, and how often finished connections are let go meanwhile. */
const graceMs = 5_000;
const drainEveryMs = 10;

export interface HttpListeners {
  readonly request: RequestListener;
  readonly clientError: (error: Error, socket: Socket) => void;
}

export function createHttpServer(listeners: HttpListeners): Server {
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
    },
    listeners.request,
  );
  server.on("clientError", listeners.clientError);
  return server;
}

/** Rejects when the address cannot be had. */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

export function endpointOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // A listening TCP server has no other kind of address.
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Takes no new connection, lets requests under way finish, and cuts what is still open after the grace. */
export async function closeHttp(server: Server): Promise<void> {
  const drain = setInterval(() => {
    server.closeIdleConnections();
  }, drainEveryMs);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeIdleConnections();
    });
  } finally {
    clearInterval(drain);
    clearTimeout(cut);
  }
}
