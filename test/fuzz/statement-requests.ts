import type { ValidRequest } from "./valid-request.ts";

const key = "id = 'b' AND turn = 1";

/** PartiQL statements that a server with the table takes. */
export const statementRequests: readonly ValidRequest[] = [
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `SELECT id, "map".c.d, things[2].deep FROM "fuzz" WHERE id = ? AND turn BETWEEN -5 AND ? AND (contains(words, 'e') OR attribute_type(flag, 'BOOL')) ORDER BY turn DESC`,
      Parameters: [{ S: "a" }, { N: "5" }],
      ConsistentRead: true,
      Limit: 2,
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `SELECT * FROM "fuzz"."by-words" WHERE words = 'some text' AND "names" IS NOT MISSING`,
    },
  },
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `SELECT * FROM fuzz WHERE "number" IN [1, 2.5e1, ?] OR NOT size("names") <> 2 -- a comment`,
      Parameters: [{ N: "3" }],
    },
  },
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `UPDATE "fuzz" SET words = 'it''s' SET "number" = "number" + 1 SET things = list_append(things, [1, {'k': <<'x', 'y'>>}]) SET "names" = set_add("names", <<'z'>>) REMOVE "map".c WHERE ${key} AND attribute_exists(id) RETURNING ALL NEW *`,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  },
  {
    operation: "ExecuteStatement",
    members: {
      Statement: `DELETE FROM "fuzz" WHERE id = 'gone' AND turn = 1 RETURNING ALL OLD *`,
    },
  },
  {
    operation: "BatchExecuteStatement",
    members: {
      Statements: [
        { Statement: `SELECT words FROM fuzz WHERE ${key}`, ConsistentRead: true },
        { Statement: `SELECT * FROM fuzz WHERE id = ? AND turn = ?`, Parameters: [{ S: "b" }, { N: "2" }] },
        { Statement: "SELECT * FROM" },
      ],
      ReturnConsumedCapacity: "TOTAL",
    },
  },
  {
    operation: "BatchExecuteStatement",
    members: {
      Statements: [
        {
          Statement: `INSERT INTO "fuzz" VALUE {'id': 'p', 'turn': 1, 'map': {'a': [null, true, ?]}}`,
          Parameters: [{ B: "AQ==" }],
        },
        { Statement: `DELETE FROM fuzz WHERE id = 'q' AND turn = 1` },
      ],
    },
  },
  {
    operation: "ExecuteTransaction",
    members: {
      TransactStatements: [
        { Statement: `UPDATE fuzz SET flag = false WHERE id = 't1' AND turn = 1 AND attribute_exists(id)` },
        { Statement: `EXISTS(SELECT * FROM "fuzz" WHERE ${key} AND words IS NOT MISSING)` },
        { Statement: `DELETE FROM fuzz WHERE id = ? AND turn = 1`, Parameters: [{ S: "r" }] },
      ],
      ReturnConsumedCapacity: "INDEXES",
    },
  },
  {
    operation: "ExecuteTransaction",
    members: {
      TransactStatements: [{ Statement: `SELECT * FROM fuzz WHERE ${key}` }],
      ClientRequestToken: "fuzz-read",
    },
  },
];
