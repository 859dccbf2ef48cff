import { gunzip, inflate, inflateRaw, type ZlibOptions } from "node:zlib";
import { bodyBytesMax } from "./read-body.ts";

export type Decompressed =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "unreadable" };

/** A small stream that swells beyond the body limit is given up there. */
const options: ZlibOptions = { maxOutputLength: bodyBytesMax };

/** Undoes the `Content-Encoding` of a request: gzip (of several members, too) or deflate (with or without a frame). */
export function decompress(body: Buffer, encoding: string, done: (result: Decompressed) => void): void {
  const finish = (error: NodeJS.ErrnoException | null, bytes: Buffer): void => {
    if (error === null) done({ kind: "bytes", bytes });
    else done({ kind: error.code === "ERR_BUFFER_TOO_LARGE" ? "too-large" : "unreadable" });
  };
  switch (encoding.trim().toLowerCase()) {
    case "":
    case "identity":
      done({ kind: "bytes", bytes: body });
      return;
    case "gzip":
    case "x-gzip":
      gunzip(body, options, finish);
      return;
    case "deflate":
      if (isFramed(body)) inflate(body, options, finish);
      else inflateRaw(body, options, finish);
      return;
    default:
      done({ kind: "unreadable" });
  }
}

/** A zlib frame begins with the number of its method, 8. */
function isFramed(body: Buffer): boolean {
  return ((body[0] ?? 0) & 0x0f) === 8;
}
