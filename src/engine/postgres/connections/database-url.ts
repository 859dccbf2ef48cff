/** Reads URLs of databases as libpq has them, with several hosts, which no other parser of URLs takes. */
import { EngineError } from "../../engine.ts";

export interface DatabaseUrl {
  /** In the order of the URL; at least one. */
  readonly hosts: readonly HostAddress[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** Where the tables are; undefined: wherever the search path leads. */
  readonly schema: string | undefined;
  readonly tls: TlsSettings;
  readonly applicationName: string;
  readonly connectMsMax: number | undefined;
  /** What the server is told at the start of a session, such as `-c work_mem=8MB`. */
  readonly options: string | undefined;
}

export interface HostAddress {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

export interface TlsSettings {
  readonly mode: (typeof tlsModes)[number];
  readonly rootCertificate: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  readonly isDirect: boolean;
  readonly bindsChannel: boolean;
}

const tlsModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
const defaultPort = 5432;

const known = [
  ...[
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "schema",
    "application_name",
    "connect_timeout",
    "options",
  ],
  ...["sslmode", "ssl", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslnegotiation"],
  ...["channel_binding", "target_session_attrs"],
] as const;
type Parameter = (typeof known)[number];

/** Throws an `EngineError` that repeats nothing secret. */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^@/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url);
  if (match === null) throw wrong("is not postgres://USER:PASSWORD@HOST:PORT,.../DATABASE?PARAMETER=VALUE");
  const [, credentials, places = "", path = "", query = ""] = match;
  // The rest of a password that was not escaped must not be taken for something that messages repeat.
  if (`${path}${query}`.includes("@")) {
    throw wrong("has an @ behind its hosts: in a password write %40 for @, %2F for / and %3F for ?");
  }
  const parameters = parseParameters(query);
  const of = (name: Parameter) => parameters.get(name) || undefined;
  checkTarget(of("target_session_attrs"));
  const [user, password] = parseCredentials(credentials);
  return {
    hosts: parseHosts(places, of("host"), of("port")),
    user: of("user") ?? user,
    password: of("password") ?? password,
    database: of("dbname") ?? (decoded(path) || undefined),
    schema: of("schema"),
    tls: tlsSettings(of),
    applicationName: of("application_name") ?? "stator",
    connectMsMax: connectMsMax(of("connect_timeout")),
    options: of("options"),
  };
}

/** How a host is called in logs and errors. */
export function nameOf({ host, port }: HostAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function wrong(what: string): EngineError {
  return new EngineError(`the URL of the database ${what}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong("has a % that is not followed by two hexadecimal digits: write %25");
  }
}

function parseCredentials(
  credentials = "",
): readonly [user: string | undefined, password: string | undefined] {
  const colon = credentials.indexOf(":");
  if (colon < 0) return [decoded(credentials) || undefined, undefined];
  return [
    decoded(credentials.slice(0, colon)) || undefined,
    decoded(credentials.slice(colon + 1)) || undefined,
  ];
}

function parseParameters(query: string): ReadonlyMap<Parameter, string> {
  const parameters = new Map<Parameter, string>();
  for (const pair of query.split("&").filter((text) => text !== "")) {
    const [text = "", ...value] = pair.split("=");
    const name = known.find((candidate) => candidate === decoded(text));
    if (name === undefined) throw wrong(`sets ${decoded(text)}, but can set ${known.join(", ")} alone`);
    parameters.set(name, decoded(value.join("=")));
  }
  return parameters;
}

/** As libpq: a port for all hosts, or one for each. */
function parseHosts(places: string, hostList: string | undefined, portList: string | undefined) {
  const inUrl = places.split(",").map(parsePlace);
  const hosts = hostList === undefined ? inUrl.map(({ host }) => host) : hostList.split(",");
  const ports = portList === undefined ? inUrl.map(({ port }) => port) : portList.split(",");
  if (ports.length !== 1 && ports.length !== hosts.length) {
    throw wrong(`names ${hosts.length} hosts and ${ports.length} ports`);
  }
  return hosts.map((host, index): HostAddress => {
    const port = ports.length === 1 ? ports[0] : ports[index];
    return { host: host || "localhost", port: parsePort(port) };
  });
}

function parsePlace(place: string): { host: string; port: string | undefined } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(place);
  if (match === null) throw wrong("has a host that cannot be read: IPv6 addresses stand in brackets");
  const [, address, name = "", port] = match;
  return { host: address ?? decoded(name), port };
}

function parsePort(text: string | undefined): number {
  if (text === undefined || text === "") return defaultPort;
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw wrong("has a port that is not a whole number from 1 to 65535");
  return port;
}

/** Stator looks for the primary whatever is said; to say something else must be a mistake. */
function checkTarget(target: string | undefined): void {
  if (target === undefined || ["any", "primary", "read-write"].includes(target)) return;
  throw wrong("asks for standbys by target_session_attrs: leave that out");
}

function connectMsMax(text: string | undefined): number | undefined {
  if (text === undefined || text === "0") return undefined;
  if (!/^\d{1,6}$/.test(text)) throw wrong("has a connect_timeout that is not a number of seconds");
  return Number(text) * 1000;
}

function tlsSettings(of: (name: Parameter) => string | undefined): TlsSettings {
  const rootCertificate = of("sslrootcert");
  const text = of("sslmode") ?? (of("ssl") === "true" ? "require" : undefined);
  const mode = tlsModes.find((candidate) => candidate === (text ?? "prefer"));
  if (mode === undefined) throw wrong(`has an sslmode that is none of ${tlsModes.join(", ")}`);
  const binding = of("channel_binding");
  // The driver binds where the server offers it, and goes on without where not.
  if (binding === "require")
    throw wrong("has channel_binding=require, which cannot be promised: write prefer");
  return {
    // Who names a root certificate wants it used: libpq does the same.
    mode: mode === "require" && rootCertificate !== undefined ? "verify-ca" : mode,
    rootCertificate,
    certificate: of("sslcert"),
    key: of("sslkey"),
    passphrase: of("sslpassword"),
    isDirect: of("sslnegotiation") === "direct",
    bindsChannel: binding === "prefer",
  };
}
