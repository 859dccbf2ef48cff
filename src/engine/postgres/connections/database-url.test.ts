import assert from "node:assert/strict";
import { test } from "node:test";
import { EngineError } from "../../engine.ts";
import { nameOf, parseDatabaseUrl, type DatabaseUrl } from "./database-url.ts";

const plainTls = {
  mode: "prefer",
  rootCertificate: undefined,
  certificate: undefined,
  key: undefined,
  passphrase: undefined,
  isDirect: false,
  bindsChannel: false,
} as const;

const plain: DatabaseUrl = {
  hosts: [{ host: "localhost", port: 5432 }],
  user: undefined,
  password: undefined,
  database: undefined,
  schema: undefined,
  tls: plainTls,
  applicationName: "stator",
  connectMsMax: undefined,
  options: undefined,
};

const hosts = (...places: readonly (readonly [host: string, port: number])[]) => ({
  hosts: places.map(([host, port]) => ({ host, port })),
});

test("URLs are read as libpq reads them", () => {
  const cases: readonly [url: string, read: Partial<DatabaseUrl>][] = [
    ["postgres://", {}],
    ["postgresql://", {}],
    ["postgres://db", hosts(["db", 5432])],
    ["postgres://db:6432/", hosts(["db", 6432])],
    ["postgres://db/tables", { ...hosts(["db", 5432]), database: "tables" }],
    ["postgres:///tables", { database: "tables" }],
    ["postgres://ann@db", { ...hosts(["db", 5432]), user: "ann" }],
    ["postgres://ann:@db", { ...hosts(["db", 5432]), user: "ann" }],
    [
      "postgres://ann:s%40%2F%3A%25@db/a%20b",
      { ...hosts(["db", 5432]), user: "ann", password: "s@/:%", database: "a b" },
    ],
    ["postgres://ann:a:b@db", { ...hosts(["db", 5432]), user: "ann", password: "a:b" }],
    [
      "postgres://a:5433,b,[::1]:5434,[fe80::1]/t",
      { ...hosts(["a", 5433], ["b", 5432], ["::1", 5434], ["fe80::1", 5432]), database: "t" },
    ],
    ["postgres://%2Ftmp%2Fsocket:5433/t", { ...hosts(["/tmp/socket", 5433]), database: "t" }],
    ["postgres:///t?host=/tmp", { ...hosts(["/tmp", 5432]), database: "t" }],
    ["postgres:///t?host=a,b&port=1", { ...hosts(["a", 1], ["b", 1]), database: "t" }],
    ["postgres:///t?host=a,b&port=1,2", { ...hosts(["a", 1], ["b", 2]), database: "t" }],
    [
      "postgres://db?user=ann&password=p%26q&dbname=t",
      { ...hosts(["db", 5432]), user: "ann", password: "p&q", database: "t" },
    ],
    ["postgres://db/t?schema=Stator", { ...hosts(["db", 5432]), database: "t", schema: "Stator" }],
    ["postgres://db?options=-c%20work_mem%3D8MB", { ...hosts(["db", 5432]), options: "-c work_mem=8MB" }],
    [
      "postgres://db?application_name=one&connect_timeout=7",
      { ...hosts(["db", 5432]), applicationName: "one", connectMsMax: 7000 },
    ],
    ["postgres://db?connect_timeout=0&target_session_attrs=read-write", hosts(["db", 5432])],
  ];
  for (const [url, read] of cases) assert.deepEqual(parseDatabaseUrl(url), { ...plain, ...read }, url);
});

test("how the connection is encrypted is read as libpq reads it", () => {
  const cases: readonly [query: string, tls: Partial<DatabaseUrl["tls"]>][] = [
    ["sslmode=disable", { mode: "disable" }],
    ["sslmode=require", { mode: "require" }],
    ["ssl=true", { mode: "require" }],
    ["sslmode=require&sslrootcert=/ca.pem", { mode: "verify-ca", rootCertificate: "/ca.pem" }],
    ["sslmode=verify-ca", { mode: "verify-ca" }],
    [
      "sslmode=verify-full&sslrootcert=a&sslcert=b&sslkey=c&sslpassword=d",
      { mode: "verify-full", rootCertificate: "a", certificate: "b", key: "c", passphrase: "d" },
    ],
    ["sslmode=require&sslnegotiation=direct", { mode: "require", isDirect: true }],
    ["channel_binding=prefer", { bindsChannel: true }],
    ["channel_binding=disable", {}],
  ];
  for (const [query, tls] of cases) {
    assert.deepEqual(parseDatabaseUrl(`postgres://db?${query}`).tls, { ...plainTls, ...tls }, query);
  }
});

test("what is wrong with a URL is said without repeating its password", () => {
  const cases: readonly [url: string, message: string][] = [
    ["mysql://db", "is not postgres://USER:PASSWORD@HOST:PORT,.../DATABASE?PARAMETER=VALUE"],
    ["postgres:db", "is not postgres://USER:PASSWORD@HOST:PORT,.../DATABASE?PARAMETER=VALUE"],
    ["postgres://ann:secret@b@db", "is not postgres://USER:PASSWORD@HOST:PORT,.../DATABASE?PARAMETER=VALUE"],
    [
      "postgres://ann:12/secret@db",
      "has an @ behind its hosts: in a password write %40 for @, %2F for / and %3F for ?",
    ],
    [
      "postgres://ann:12?secret=x@db/tables",
      "has an @ behind its hosts: in a password write %40 for @, %2F for / and %3F for ?",
    ],
    ["postgres://ann:secret%@db", "has a % that is not followed by two hexadecimal digits: write %25"],
    ["postgres://ann:secret@db:0", "has a port that is not a whole number from 1 to 65535"],
    ["postgres://ann:secret@db:65536", "has a port that is not a whole number from 1 to 65535"],
    ["postgres://ann:secret@db:x", "has a port that is not a whole number from 1 to 65535"],
    ["postgres://ann:secret@[::1", "has a host that cannot be read: IPv6 addresses stand in brackets"],
    ["postgres://ann:secret@fe80::1", "has a port that is not a whole number from 1 to 65535"],
    ["postgres://ann:secret@a,b?port=1,2,3", "names 2 hosts and 3 ports"],
    [
      "postgres://ann:secret@db?sslmode=maybe",
      "has an sslmode that is none of disable, allow, prefer, require, verify-ca, verify-full",
    ],
    [
      "postgres://ann:secret@db?target_session_attrs=standby",
      "asks for standbys by target_session_attrs: leave that out",
    ],
    [
      "postgres://ann:secret@db?connect_timeout=soon",
      "has a connect_timeout that is not a number of seconds",
    ],
    [
      "postgres://ann:secret@db?channel_binding=require",
      "has channel_binding=require, which cannot be promised: write prefer",
    ],
    [
      "postgres://ann:secret@db?constructor=1",
      "sets constructor, but can set host, port, user, password, dbname, schema, application_name, connect_timeout, " +
        "options, sslmode, ssl, sslrootcert, sslcert, sslkey, sslpassword, sslnegotiation, channel_binding, " +
        "target_session_attrs alone",
    ],
  ];
  for (const [url, message] of cases) {
    assert.throws(() => parseDatabaseUrl(url), new EngineError(`the URL of the database ${message}`), url);
  }
});

test("a host is called by its address and port", () => {
  assert.equal(nameOf({ host: "db", port: 1 }), "db:1");
  assert.equal(nameOf({ host: "::1", port: 2 }), "[::1]:2");
});
