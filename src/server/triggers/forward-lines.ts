import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A line that is longer comes in pieces. */
const lineCharactersMax = 16_384;

/** Hands on what a stream says, line by line, without its empty lines. */
export function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder();
  let rest = "";
  const tell = (line: string) => {
    if (line !== "") onLine(line);
  };
  stream.on("data", (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(tell);
    while (rest.length > lineCharactersMax) {
      tell(rest.slice(0, lineCharactersMax));
      rest = rest.slice(lineCharactersMax);
    }
  });
  stream.on("end", () => {
    tell(rest + decoder.end());
  });
}
