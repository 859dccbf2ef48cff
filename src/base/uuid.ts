import { hash, randomUUID } from "node:crypto";

/** An id nobody has had before, such as a table's. */
export function newUuid(): string {
  return randomUUID();
}

const uuidBytes = 16;

/** Always the same id for the same name within a namespace, which is a UUID itself (RFC 9562, version 5). */
export function namedUuid(namespace: string, name: string): string {
  const named = Buffer.concat([Buffer.from(namespace.replaceAll("-", ""), "hex"), Buffer.from(name)]);
  const bytes = hash("sha1", named, "buffer").subarray(0, uuidBytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
