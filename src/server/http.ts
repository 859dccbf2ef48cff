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

/** A port that is open. */
export interface OpenHttp {
  readonly endpoint: string;
  /** Takes no new connection, lets requests under way finish, and cuts what is still open after the grace. */
  close(): Promise<void>;
}

/** Rejects when the address cannot be had. */
export async function openHttp(listeners: HttpListeners, host: string, port: number): Promise<OpenHttp> {
  const server = createHttpServer(listeners);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await listen(server, host, port);
  return { endpoint: endpointOf(server, host), close: () => closeHttp(server, sockets) };
}

function createHttpServer(listeners: HttpListeners): Server {
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

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function endpointOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo; // A listening TCP server has no other kind of address.
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function closeHttp(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
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
      // Node does not count a connection as idle that has not sent anything yet.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    });
  } finally {
    clearInterval(drain);
    clearTimeout(cut);
  }
}
