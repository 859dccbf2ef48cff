/**
 * Sends the SDK's requests by HTTP/1.1. Its Kinesis client speaks HTTP/2 by itself, which the servers that stand in for
 * Kinesis do not; for what is asked here, Kinesis takes either.
 */
export const fetchHandler = {
  async handle(request: SdkRequest, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) {
    const { protocol, hostname, port, path, method, headers, body = null } = request;
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const answer = await fetch(`${protocol}//${host}${path}`, {
      method,
      headers,
      body,
      signal: abortSignal ?? null,
    });
    const response = {
      statusCode: answer.status,
      reason: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      body: new Uint8Array(await answer.arrayBuffer()),
    };
    return { response };
  },
};

interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}
