import { authenticate, type CallerDefaults, type SignedRequest } from "./authentication.ts";
import type { Caller } from "./caller.ts";

/** How many callers are remembered; a client's next second is a new one. */
const knownMax = 1_000;
const signaturePart = "Signature=";

/**
 * Authenticates like `authenticate`, and remembers who was let pass: as long as signatures are not verified, a header
 * that differs in nothing but its signature says the same. Reading one takes as long as finding an item.
 */
export function createAuthenticator(defaults: CallerDefaults): (request: SignedRequest) => Caller {
  let known = new Map<string, Caller>();
  return (request) => {
    const key = keyOf(request);
    const before = key === undefined ? undefined : known.get(key);
    if (before !== undefined) return before;
    const caller = authenticate(request, defaults);
    if (key !== undefined) {
      if (known.size >= knownMax) known = new Map();
      known.set(key, caller);
    }
    return caller;
  };
}

/** All that matters of a header whose last part is a plain signature; undefined for any other request. */
function keyOf({ authorization, amzDate, query }: SignedRequest): string | undefined {
  if (authorization === undefined || amzDate === undefined || query !== "") return undefined;
  const start = authorization.lastIndexOf(signaturePart) + signaturePart.length;
  if (start < signaturePart.length || start === authorization.length) return undefined;
  for (let index = start; index < authorization.length; index += 1) {
    const code = authorization.charCodeAt(index);
    if (code === 0x2c || code === 0x20) return undefined;
  }
  return `${authorization.slice(0, start)}\n${amzDate}`;
}
