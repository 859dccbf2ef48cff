/** The process behind `bare-http.ts`: what HTTP and JSON cost on this machine, and nothing else. */
import { createServer } from "node:http";
import type { Answer } from "./answer.ts";

let headers: Record<string, string> = {};
let body = Buffer.from("{}");

process.on("message", (answer: Answer) => {
  headers = { ...answer.headers };
  body = Buffer.from(answer.bodyBase64, "base64");
  process.send?.("taught");
});
process.on("disconnect", () => process.exit(0));

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [first = Buffer.alloc(0)] = chunks;
    const bytes = chunks.length === 1 ? first : Buffer.concat(chunks);
    if (bytes.length > 0) JSON.parse(bytes.toString());
    response.writeHead(200, headers);
    response.end(body);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
