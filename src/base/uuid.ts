import { randomUUID } from "node:crypto";

/** An id nobody has had before, such as a table's. */
export function newUuid(): string {
  return randomUUID();
}
