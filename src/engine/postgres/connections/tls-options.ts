import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { EngineError } from "../../engine.ts";
import type { TlsSettings } from "./database-url.ts";

/** What `sslmode` and its files mean for Node; false: no encryption. Throws `EngineError` for files it cannot read. */
export function tlsOptions(settings: TlsSettings): ConnectionOptions | false {
  const { mode, rootCertificate, certificate, key, passphrase } = settings;
  if (mode === "disable") return false;
  return {
    ...verification(mode),
    // Without a root certificate those that come with Node count, not ~/.postgresql/root.crt.
    ...(rootCertificate !== undefined && rootCertificate !== "system" && { ca: read(rootCertificate) }),
    ...(certificate !== undefined && { cert: read(certificate) }),
    ...(key !== undefined && { key: read(key) }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

function verification(mode: TlsSettings["mode"]): ConnectionOptions {
  if (mode === "verify-full") return { rejectUnauthorized: true };
  if (mode === "verify-ca") return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { rejectUnauthorized: false };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      `a certificate or key that the URL of the database names cannot be read: ${reason}`,
      {
        cause,
      },
    );
  }
}
