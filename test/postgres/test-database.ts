/**
 * Databases for tests, on one server for all tests of a run: that of STATOR_TEST_POSTGRES_URL, or one that
 * `scripts/test.js` lends, or one that ends with this process. STATOR_TEST_POSTGRES_DIALECT tells what that server is
 * when it is no PostgreSQL.
 */
import { randomBytes } from "node:crypto";
import { Client, DatabaseError } from "pg";
import type { Dialect } from "../../src/engine/postgres/postgres-options.ts";
import { startPostgres } from "./start-postgres.ts";

/** An empty database of its own. */
export interface TestDatabase {
  readonly url: string;
  /** The URL with more parameters, each `name=value` as URLs have it. */
  urlWith(...parameters: readonly string[]): string;
  /** Removes it, whoever is still connected. */
  close(): Promise<void>;
}

export const testDialect = dialectNamed(process.env["STATOR_TEST_POSTGRES_DIALECT"] ?? "postgresql");

const elsewhere = process.env["STATOR_TEST_POSTGRES_URL"];
const lender = process.env["STATOR_TEST_POSTGRES_LENDER"];
const syntaxError = "42601";
let serverUrl: Promise<string> | undefined;

/** Makes a database. */
export async function openTestDatabase(): Promise<TestDatabase> {
  serverUrl ??= findServer();
  const server = await serverUrl;
  const name = `stator_test_${randomBytes(8).toString("hex")}`;
  // Relatives of PostgreSQL know no strategies.
  const strategy = elsewhere === undefined ? " TEMPLATE template0 STRATEGY file_copy" : "";
  await execute(server, `CREATE DATABASE ${name}${strategy}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    urlWith: (...parameters) => url.href + (url.search === "" ? "?" : "&") + parameters.join("&"),
    close: () => removeDatabase(server, name),
  };
}

function dialectNamed(name: string): Dialect {
  if (name === "postgresql" || name === "cockroachdb" || name === "yugabytedb") return name;
  throw new Error(`STATOR_TEST_POSTGRES_DIALECT is no dialect: ${name}`);
}

async function findServer(): Promise<string> {
  if (elsewhere !== undefined) return elsewhere;
  if (lender === undefined) return (await startPostgres()).url;
  const answer = await fetch(lender);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

async function removeDatabase(server: string, name: string): Promise<void> {
  try {
    await execute(server, `DROP DATABASE ${name} WITH (FORCE)`);
  } catch (error) {
    // Not all relatives of PostgreSQL know FORCE.
    if (!(error instanceof DatabaseError) || error.code !== syntaxError) throw error;
    await execute(server, `DROP DATABASE ${name}`);
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
