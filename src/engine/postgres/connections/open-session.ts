import { Client } from "pg";
import type { ConnectionOptions } from "node:tls";
import type { Dialect, PostgresOptions, Surroundings } from "../postgres-options.ts";
import type { DatabaseUrl, HostAddress } from "./database-url.ts";
import { Session } from "./session.ts";
import { tlsOptions } from "./tls-options.ts";

/** What a server was when a session to it was opened. */
export interface ServerRole {
  readonly isWritable: boolean;
  /** Grows with every promotion of a standby; undefined where the server does not tell. */
  readonly timeline: number | undefined;
}

export interface Opened {
  readonly session: Session;
  readonly role: ServerRole;
}

export type OpenSession = (host: HostAddress) => Promise<Opened>;

const connectMsMaxDefault = 3_000;
const keepAliveMs = 5_000;

/** Answers what opens a session to a host of the URL. Throws an `EngineError` for certificates that cannot be read. */
export function sessionOpener(
  url: DatabaseUrl,
  { connectMsMax, dialect = "postgresql" }: PostgresOptions,
  { alarm }: Surroundings,
): OpenSession {
  const tls = tlsOptions(url.tls);
  const msMax = url.connectMsMax ?? connectMsMax ?? connectMsMaxDefault;
  const parameters = Object.entries(sessionParameters(url, dialect));
  return async (host) => {
    const attempt = connectTo(host, url, tls);
    let isLate = false;
    const stop = alarm(msMax, () => {
      isLate = true;
      attempt.abort();
    });
    try {
      const session = new Session(await attempt.client, { host, alarm, silenceMsMax: msMax });
      const role = await prepare(session, parameters);
      session.timeline = role.timeline;
      return { session, role };
    } catch (error) {
      attempt.abort();
      throw isLate ? new Error(`no answer within ${msMax / 1000} seconds`, { cause: error }) : error;
    } finally {
      stop();
    }
  };
}

interface Attempt {
  readonly client: Promise<Client>;
  abort(): void;
}

function connectTo(host: HostAddress, url: DatabaseUrl, tls: ConnectionOptions | false): Attempt {
  let client = newClient(host, url, host.host.startsWith("/") ? false : tls);

  async function connect(): Promise<Client> {
    try {
      await client.connect();
    } catch (error) {
      if (!mayGoWithoutTls(url, error)) throw error;
      client = newClient(host, url, false);
      await client.connect();
    }
    return client;
  }

  return {
    client: connect(),
    abort() {
      client.connection.stream.destroy();
    },
  };
}

function newClient({ host, port }: HostAddress, url: DatabaseUrl, ssl: ConnectionOptions | false): Client {
  const { user, password, database, options, applicationName, tls } = url;
  const client = new Client({
    ...{ host, port, user, password, database, options, ssl },
    ...(ssl !== false && { sslnegotiation: tls.isDirect ? "direct" : "postgres" }),
    application_name: applicationName,
    enableChannelBinding: tls.bindsChannel,
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  // What goes wrong while it connects is told by `connect`; without a listener it would also end the process.
  client.on("error", () => undefined);
  return client;
}

function mayGoWithoutTls({ tls: { mode } }: DatabaseUrl, error: unknown): boolean {
  const isRefused = error instanceof Error && error.message.includes("does not support SSL");
  return isRefused && (mode === "prefer" || mode === "allow");
}

/** What a session is told at its start. `synchronous_commit` is the operator's to choose. */
function sessionParameters({ schema }: DatabaseUrl, dialect: Dialect): Readonly<Record<string, string>> {
  return {
    default_transaction_isolation: "read committed",
    // A COMMIT that waits for standbys must not be cut short: it would be done here, and lost with this server.
    statement_timeout: "0",
    // The locks of a server of ours that vanished go away, and those who wait for them wait a little longer than that.
    idle_in_transaction_session_timeout: "10s",
    lock_timeout: "20s",
    bytea_output: "hex",
    ...(dialect !== "cockroachdb" && plans),
    ...(dialect !== "cockroachdb" && {
      tcp_keepalives_idle: "10",
      tcp_keepalives_interval: "5",
      tcp_keepalives_count: "3",
    }),
    ...(schema !== undefined && { search_path: `"${schema.replaceAll('"', '""')}"` }),
  };
}

/**
 * Every statement goes by a primary key, in its order, whatever the values: it is planned once, and a plan that was
 * made while a table was small must not read all of it when it has grown.
 */
const plans = {
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  jit: "off",
  plan_cache_mode: "force_generic_plan",
};

const setParameters = {
  name: "stator_set",
  text: "SELECT count(set_config(name, value, false)) FROM unnest($1::text[], $2::text[]) AS parameter(name, value)",
};
const readRole = {
  name: "stator_role",
  text: "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'",
};
/** The name of a WAL file begins with the timeline. A standby does not tell. */
const readTimeline = {
  name: "stator_timeline",
  text:
    "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int " +
    "WHERE NOT pg_is_in_recovery()",
};

async function prepare(
  session: Session,
  parameters: readonly (readonly [name: string, value: string])[],
): Promise<ServerRole> {
  const names = parameters.map(([name]) => name);
  const values = parameters.map(([, value]) => value);
  // Relatives of PostgreSQL have no timelines and say so by an error.
  const timeline = session.send(readTimeline).then(
    ({ rows: [row] }) => (typeof row?.[0] === "number" ? row[0] : undefined),
    () => undefined,
  );
  const [role] = await Promise.all([session.send(readRole), session.send(setParameters, [names, values])]);
  const [isStandby, isReadOnly] = role.rows[0] ?? [];
  return { isWritable: isStandby === false && isReadOnly === false, timeline: await timeline };
}
