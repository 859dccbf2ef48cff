import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { settleIndexes } from "../../../test/fixtures/indexed-table.ts";
import { openRunner, provisionedRequest } from "../../../test/fixtures/operations.ts";
import { ServiceError } from "../../model/errors.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { deleteTable } from "../dynamodb/delete-table.ts";
import { describeTable } from "../dynamodb/describe-table.ts";
import { listTables } from "../dynamodb/list-tables.ts";
import { listTagsOfResource } from "../dynamodb/list-tags-of-resource.ts";
import { tagResource } from "../dynamodb/tag-resource.ts";
import { untagResource } from "../dynamodb/untag-resource.ts";
import { updateTable } from "../dynamodb/update-table.ts";
import type { Operation } from "../operation.ts";

const operations: readonly Operation[] = [
  createTable,
  updateTable,
  describeTable,
  deleteTable,
  listTables,
  tagResource,
  untagResource,
  listTagsOfResource,
];

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/";
const name = fc.constantFrom(
  "abc",
  "__proto__",
  "constructor",
  "ab",
  "",
  `${arn}abc`,
  "arn:",
  `${arn}abc/index/x`,
);
const attribute = fc.constantFrom("pk", "sk", "__proto__");
const units = fc.constantFrom(1, 2, 5, 0, -1, 40_001, 13_000, 1e300);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));

/** A list of up to three. */
function list<Element>(element: fc.Arbitrary<Element>) {
  return fc.array(element, { maxLength: 3 });
}

/** A member as it should be, or now and then anything. */
function mostly<Value>(member: fc.Arbitrary<Value>) {
  return fc.oneof({ weight: 12, arbitrary: member }, { weight: 1, arbitrary: anything });
}

const indexName = fc.constantFrom("one", "two", "__proto__");
const throughputs = fc.oneof(
  fc.constant({}),
  fc.constant({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } }),
  fc.record({
    ProvisionedThroughput: mostly(fc.record({ ReadCapacityUnits: units, WriteCapacityUnits: units })),
  }),
  fc.record({ OnDemandThroughput: mostly(fc.record({ MaxReadRequestUnits: units })) }),
  fc.record({ WarmThroughput: mostly(fc.record({ ReadUnitsPerSecond: units })) }),
);
const keySchema = fc.constantFrom(
  [{ AttributeName: "pk", KeyType: "HASH" }],
  [
    { AttributeName: "__proto__", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
);
const projection = fc.constantFrom<object>(
  { ProjectionType: "ALL" },
  { ProjectionType: "INCLUDE", NonKeyAttributes: ["constructor"] },
);
const index = fc
  .tuple(
    fc.record({ IndexName: indexName, KeySchema: mostly(keySchema), Projection: mostly(projection) }),
    throughputs,
  )
  .map(([members, throughput]) => ({ ...members, ...throughput }));
const indexUpdate = fc.oneof(
  fc.record({ Create: index }),
  fc
    .tuple(indexName, throughputs)
    .map(([IndexName, throughput]) => ({ Update: { IndexName, ...throughput } })),
  fc.record({ Delete: fc.record({ IndexName: indexName }) }),
);
const tag = fc.record({ Key: mostly(attribute), Value: mostly(fc.constantFrom("", "x")) });
const members = {
  TableName: mostly(name),
  ResourceArn: mostly(name),
  ExclusiveStartTableName: mostly(name),
  Limit: mostly(units),
  AttributeDefinitions: mostly(
    list(fc.record({ AttributeName: attribute, AttributeType: fc.constantFrom("S", "N", "B") })),
  ),
  KeySchema: mostly(list(fc.record({ AttributeName: attribute, KeyType: fc.constantFrom("HASH", "RANGE") }))),
  BillingMode: mostly(fc.constantFrom("PAY_PER_REQUEST", "PROVISIONED")),
  ProvisionedThroughput: mostly(fc.record({ ReadCapacityUnits: units, WriteCapacityUnits: units })),
  OnDemandThroughput: mostly(
    fc.record({ MaxReadRequestUnits: units, MaxWriteRequestUnits: units }, { requiredKeys: [] }),
  ),
  WarmThroughput: mostly(
    fc.record({ ReadUnitsPerSecond: units, WriteUnitsPerSecond: units }, { requiredKeys: [] }),
  ),
  TableClass: mostly(fc.constantFrom("STANDARD", "STANDARD_INFREQUENT_ACCESS")),
  DeletionProtectionEnabled: mostly(fc.boolean()),
  StreamSpecification: mostly(fc.record({ StreamEnabled: fc.boolean() })),
  SSESpecification: mostly(fc.record({ Enabled: fc.boolean() })),
  LocalSecondaryIndexes: mostly(list(index)),
  GlobalSecondaryIndexes: mostly(list(index)),
  GlobalSecondaryIndexUpdates: mostly(list(indexUpdate)),
  ReplicaUpdates: anything,
  Tags: mostly(list(tag)),
  TagKeys: mostly(list(attribute)),
};

/** A few members of all operations; most name the table that is there. */
const request = fc
  .tuple(fc.record(members), fc.subarray(Object.keys(members), { maxLength: 3 }))
  .map(([all, chosen]) => ({
    TableName: "abc",
    ResourceArn: `${arn}abc`,
    ...Object.fromEntries(Object.entries(all).filter(([member]) => chosen.includes(member))),
  }));

/** Changes of the indexes of the table that is there. */
const indexRequest = fc.array(indexUpdate, { minLength: 1, maxLength: 2 }).map((updates) => ({
  TableName: "abc",
  AttributeDefinitions: ["pk", "sk", "__proto__"].map((name) => ({
    AttributeName: name,
    AttributeType: "S",
  })),
  GlobalSecondaryIndexUpdates: updates,
}));

test("Whatever requests about tables hold, the answer is the service's or a refusal, and tables stay readable", async () => {
  const any = fc.record({ operation: fc.constantFrom(...operations), request });
  const ofIndexes = indexRequest.map((wanted) => ({ operation: updateTable, request: wanted }));
  const step = fc
    .tuple(fc.oneof({ weight: 2, arbitrary: any }, { weight: 1, arbitrary: ofIndexes }), fc.nat(400))
    .map(([call, wait]) => ({ ...call, wait }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), fc.boolean(), async (steps, slow) => {
      const runner = openRunner({ tableDelayMs: slow ? 300 : 0 });
      const { run, wait } = runner;
      await run(createTable, provisionedRequest(2, 2, { TableName: "abc" }));
      wait(300);
      for (const { operation, request: wanted, wait: milliseconds } of steps) {
        const whole = operation === createTable ? provisionedRequest(1, 1, wanted) : wanted;
        await run(operation, whole).catch((error: unknown) => {
          if (!(error instanceof ServiceError)) throw error;
        });
        wait(milliseconds);
        if (milliseconds > 200) await settleIndexes(runner);
      }
      const { TableNames: names = [] } = await run(listTables, {});
      for (const TableName of names) {
        assert.equal((await run(describeTable, { TableName })).Table?.TableName, TableName);
      }
    }),
    { numRuns: 300 },
  );
});
