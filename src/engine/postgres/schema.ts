import { EngineError } from "../engine.ts";
import { StatementError, type Connection } from "./connections/connections.ts";
import type { SqlDialect } from "./dialects.ts";

/** What the tables hold and how. A program refuses to work on tables of a later one. */
const formatVersion = 1;
const undefinedTable = "42P01";
/** Two servers made the same thing at once: unique keys of catalogs, things that are there, things that moved. */
const racing = new Set(["23505", "42P07", "42P06", "42710", "XX000", "40001"]);
const attemptsMax = 20;

const readPath = {
  name: "read-path",
  text: "SELECT current_schema() IS NULL, current_setting('search_path')",
};
const readFormat = { name: "read-format", text: "SELECT version FROM stator_format WHERE id = 1" };
const writeFormat = {
  name: "write-format",
  text: "INSERT INTO stator_format (id, version) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
};

/** Makes the tables where there are none yet, whoever else does the same; looks only, where they are there. */
export async function prepareSchema(connection: Connection, { tables }: SqlDialect): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const version = await versionIn(connection);
    if (version !== undefined) {
      checkVersion(version);
      return;
    }
    try {
      await makeSchema(connection);
      for (const [index, text] of tables.entries()) await connection.send({ name: `table-${index}`, text });
      await connection.send(writeFormat, [formatVersion]);
    } catch (error) {
      const isRace = error instanceof StatementError && racing.has(error.code ?? "");
      if (!isRace || attempt === attemptsMax) throw error;
    }
  }
}

/** Makes the schema that the URL names, if it does. */
async function makeSchema(connection: Connection): Promise<void> {
  const { rows } = await connection.send(readPath);
  const [isMissing, path] = rows[0] ?? [];
  // A path that names one schema is that schema's quoted name.
  if (isMissing !== true || typeof path !== "string" || path.includes(",")) return;
  await connection.send({ name: "make-schema", text: `CREATE SCHEMA IF NOT EXISTS ${path}` });
}

/** Undefined where the tables are not all made. */
async function versionIn(connection: Connection): Promise<number | undefined> {
  try {
    const { rows } = await connection.send(readFormat);
    return rows[0] === undefined ? undefined : Number(rows[0][0]);
  } catch (error) {
    if (error instanceof StatementError && error.code === undefinedTable) return undefined;
    throw error;
  }
}

function checkVersion(version: number): void {
  if (version > formatVersion) {
    throw new EngineError(`the database has format ${version}, this program reads up to ${formatVersion}`);
  }
}
