import { requestHeaders } from "../load/workloads.ts";

/** One HTTP answer, in a form that crosses a process border. */
export interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}

/** Headers that `node:http` writes by itself. */
const automatic = new Set(["connection", "keep-alive", "date"]);

/** Sends one operation the plain way and keeps the answer; throws unless it is a success. */
export async function askOnce(port: number, operation: string, body: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
    method: "POST",
    headers: requestHeaders(operation).map(([name, value]): [string, string] => [name, value]),
    body,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200)
    throw new Error(`${operation}: ${String(response.status)} ${bytes.toString()}`);
  const headers = [...response.headers].filter(([name]) => !automatic.has(name));
  return { headers: Object.fromEntries(headers), bodyBase64: bytes.toString("base64") };
}
