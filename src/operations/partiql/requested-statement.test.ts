import assert from "node:assert/strict";
import { test } from "node:test";
import { statementTables } from "./requested-statement.ts";

test("the tables of statements are told once each, and statements that cannot be read name none", () => {
  const tables = statementTables([
    { Statement: "SELECT * FROM songs WHERE pk = ?", Parameters: [{ S: "a" }] },
    { Statement: `INSERT INTO "__proto__" VALUE {'pk': 'a'}` },
    { Statement: "DELETE FROM songs WHERE pk = 'b'" },
    { Statement: "EXISTS(SELECT * FROM pets WHERE pk = 'a' AND legs = 4)" },
    { Statement: "SELECT * FROM" },
    { Statement: "SELECT * FROM other WHERE pk = ?" },
    { Statement: "SELECT * FROM other WHERE pk = ?", Parameters: [{ N: "x" }] },
    { Statement: `SELECT * FROM songs."ByGenre"` },
  ]);
  assert.deepEqual(tables, ["songs", "__proto__", "pets"]);
});
