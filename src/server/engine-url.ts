import { resolve } from "node:path";

/** Where tables are kept, as the one who runs the server says it. */
export type EngineUrl =
  | { readonly kind: "memory" }
  | { readonly kind: "lmdb"; readonly folder: string }
  | { readonly kind: "postgres"; readonly url: string };

/** Undefined for what is no engine. Whether a database's URL can be read is seen when it is opened. */
export function parseEngineUrl(text: string): EngineUrl | undefined {
  if (text === "memory:") return { kind: "memory" };
  if (/^lmdb:./s.test(text)) return { kind: "lmdb", folder: text.slice("lmdb:".length) };
  if (/^postgres(ql)?:\/\//.test(text)) return { kind: "postgres", url: text };
  return undefined;
}

/** What an engine is called in messages: nothing of it is secret. */
export function nameOfEngine(engine: EngineUrl): string {
  if (engine.kind === "memory") return "memory:";
  if (engine.kind === "lmdb") return `lmdb:${resolve(engine.folder)}`;
  const [address = "", query = ""] = engine.url.split(/\?(.*)/s);
  // Behind the last @: a password with one that is not escaped stays a password.
  const place = address.replace(/^[^:]*:\/\/(.*@)?/s, "");
  const schema = new URLSearchParams(query).get("schema");
  return `postgres://${place}${schema === null ? "" : `?schema=${schema}`}`;
}
