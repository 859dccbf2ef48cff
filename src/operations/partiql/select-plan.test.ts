import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openRunner, tableRequest } from "../../../test/fixtures/operations.ts";
import { silentLog } from "../../base/log.ts";
import type { Context } from "../operation.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { executeStatement } from "../dynamodb/execute-statement.ts";

const lines: [message: string, fields: object | undefined][] = [];
let context: Context;
before(async () => {
  const runner = openRunner();
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
  await runner.run(
    createTable,
    tableRequest({
      AttributeDefinitions: ["pk", "sk", "genre"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: key("pk", "sk"),
      LocalSecondaryIndexes: [
        { IndexName: "ByGenre", KeySchema: key("pk", "genre"), Projection: { ProjectionType: "KEYS_ONLY" } },
      ],
    }),
  );
  context = {
    ...runner.context,
    log: {
      ...silentLog,
      debug(message, fields) {
        lines.push([message, fields]);
      },
    },
  };
});

const inTable = { table: "Music", index: undefined };
const forwards = { reverse: false, fetchesItems: false };

const plans: readonly [statement: string, plan: object][] = [
  [
    "SELECT * FROM Music WHERE pk = 'secret' AND sk = 'b'",
    { ...inTable, plan: "keys", parts: 1, filtered: false },
  ],
  [
    "SELECT * FROM Music WHERE pk IN ['a', 'b'] AND sk = 'b' AND genre = 'jazz'",
    { ...inTable, plan: "keys", parts: 2, filtered: true },
  ],
  [
    "SELECT * FROM Music WHERE pk = 'a'",
    { ...inTable, plan: "collections", parts: 1, ...forwards, filtered: false },
  ],
  [
    "SELECT * FROM Music WHERE pk = 'a' AND (sk > 'm' OR sk < 'b') ORDER BY sk DESC",
    { ...inTable, plan: "collections", parts: 2, reverse: true, fetchesItems: false, filtered: false },
  ],
  ["SELECT * FROM Music", { ...inTable, plan: "scan", parts: 1, ...forwards, filtered: false }],
  ["SELECT * FROM Music WHERE sk = 'b'", { ...inTable, plan: "scan", parts: 1, ...forwards, filtered: true }],
  [
    `SELECT note FROM Music."ByGenre" WHERE pk = 'a' AND genre = 'jazz'`,
    {
      table: "Music",
      index: "ByGenre",
      plan: "collections",
      parts: 1,
      reverse: false,
      fetchesItems: true,
      filtered: false,
    },
  ],
];
for (const [Statement, plan] of plans) {
  test(`the log shows the plan of ${Statement}, and nothing of the data`, async () => {
    lines.length = 0;
    await executeStatement.execute(executeStatement.prepare({ Statement }), context);
    assert.deepEqual(lines, [["statement planned", plan]]);
  });
}
