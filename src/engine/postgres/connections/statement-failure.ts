import { DatabaseError } from "pg";
import { StatementError, type StatementFailure } from "./connections.ts";

const reasons: Readonly<Record<string, StatementFailure>> = {
  "40001": "serialization",
  "40P01": "deadlock",
  "23505": "duplicate",
  "25006": "read-only",
};

/** What the driver's error says has become of a statement. `isConnected`: the connection is still there. */
export function failureOf(error: Error, isConnected: boolean): StatementError {
  const told = { message: error.message, cause: error };
  if (!(error instanceof DatabaseError)) return new StatementError(isConnected ? "other" : "lost", told);
  const { code = "" } = error;
  // The server may have done the statement, a COMMIT too, and been told to end the session before it said so.
  const reason = endsSession(error) ? "lost" : Object.hasOwn(reasons, code) ? reasons[code] : "other";
  return new StatementError(reason ?? "other", { ...told, code });
}

/** Servers translate severities: the codes are those of shutdowns, ended sessions and broken connections. */
export function endsSession({ severity, code = "" }: DatabaseError): boolean {
  return severity === "FATAL" || severity === "PANIC" || /^(08...|57P0.|25P0[34])$/.test(code);
}

/**
 * A COMMIT that waited for standbys and was told to stop waiting: it is answered as done, but standbys may not have it,
 * so that its outcome is as unknown as that of one that was never answered. When it was cancelled the server says so by
 * the code of any warning, and in its own language: the function that warns tells it from others.
 */
export function leavesCommitUnknown({ code, routine }: Warning): boolean {
  return code === "57014" || code === "57P01" || routine === "SyncRepWaitForLSN";
}

interface Warning {
  readonly code?: string | undefined;
  /** The server's function that it comes from. */
  readonly routine?: string | undefined;
}
