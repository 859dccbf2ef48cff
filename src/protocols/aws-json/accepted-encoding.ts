/** How an answer may be compressed: what the client likes best, gzip where it has no preference. */
export function acceptedEncoding(header: string | undefined): "gzip" | "deflate" | undefined {
  if (header === undefined) return undefined;
  const gzip = qualityOf(header, "gzip");
  const deflate = qualityOf(header, "deflate");
  if (gzip === 0 && deflate === 0) return undefined;
  return gzip >= deflate ? "gzip" : "deflate";
}

/** 0 where `encoding` is not offered, or offered with `q=0`. */
function qualityOf(header: string, encoding: string): number {
  for (const offer of header.split(",")) {
    const [name = "", ...parameters] = offer.split(";").map((part) => part.trim().toLowerCase());
    if (name !== encoding) continue;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
