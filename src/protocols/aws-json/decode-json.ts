import { isAscii, isUtf8 } from "node:buffer";
import { unreadable } from "../../model/messages/requests.ts";

/** The JSON value in `body`. Throws the service's refusal of what is no JSON, or no UTF-8. */
export function decodeJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw unreadable();
  try {
    return JSON.parse(body.toString(isAscii(body) ? "latin1" : "utf8")) as unknown;
  } catch {
    throw unreadable();
  }
}
