import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, defines, hash, range, units } from "../../../test/fixtures/indexed-table.ts";
import { openRunner, provisionedRequest, tableRequest } from "../../../test/fixtures/operations.ts";
import { createTable } from "../dynamodb/create-table.ts";
import { describeTable } from "../dynamodb/describe-table.ts";

const wrong = "One or more parameter values were invalid: ";
const index = (IndexName: string, KeySchema: object[], more: object = {}) => ({
  IndexName,
  KeySchema,
  Projection: all,
  ...more,
});
const many = (number: number, make: (name: string) => object) =>
  Array.from({ length: number }, (_, position) => make(`index-${position}`));
const included = (count: number, prefix: string) => ({
  Projection: {
    ProjectionType: "INCLUDE",
    NonKeyAttributes: Array.from({ length: count }, (_, position) => `${prefix}${position}`),
  },
});

/** A table with the keys `pk` and `sk`, on demand, and `a` to `c` defined as far as `names` says. */
const table = (members: object, ...names: string[]) =>
  tableRequest({ KeySchema: [hash("pk"), range("sk")], ...defines("pk", "sk", ...names), ...members });
const locals = (...list: object[]) => ({ LocalSecondaryIndexes: list });
const globals = (...list: object[]) => ({ GlobalSecondaryIndexes: list });
const local = (name: string, more: object = {}) => index(name, [hash("pk"), range("a")], more);
const global = (name: string, more: object = {}) => index(name, [hash("a")], more);

/** In the order in which the service checks. */
const refusals: readonly [what: string, request: object, message: string][] = [
  [
    "names that are too short, those of global indexes first",
    table({ ...locals(local("l1")), ...globals(global("g1")) }, "a"),
    "2 validation errors detected: Value 'g1' at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must have length greater than or equal to 3; Value 'l1' at 'localSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  ],
  [
    "a name of other characters",
    table(globals(global("by a")), "a"),
    "1 validation error detected: Value 'by a' at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  ],
  [
    "no projection",
    table(globals(global("by-a", { Projection: undefined })), "a"),
    "1 validation error detected: Value null at 'globalSecondaryIndexes.1.member.projection' failed to satisfy constraint: Member must not be null",
  ],
  [
    "an empty list of attributes",
    table(globals(global("by-a", included(0, "x"))), "a"),
    "1 validation error detected: Value '[]' at 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    "another kind of projection",
    table(globals(global("by-a", { Projection: { ProjectionType: "all" } })), "a"),
    "1 validation error detected: Value 'all' at 'globalSecondaryIndexes.1.member.projection.projectionType' failed to satisfy constraint: Member must satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]",
  ],
  [
    "a local index of a table without sort key, whatever its own key",
    tableRequest(locals(index("by-c", [range("c")]))),
    `${wrong}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
  ],
  [
    "keys of a local index without definitions",
    table(locals(index("by-c", [range("c"), range("d")]), index("by-e", [range("e")]))),
    `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [c, d], AttributeDefinitions: [sk, pk]`,
  ],
  [
    "a local index that begins with a sort key",
    table(locals(index("by-a", [range("pk")]))),
    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
  ],
  [
    "a local index with one attribute as both keys",
    table(locals(index("by-a", [hash("pk"), hash("pk")]))),
    "Both the Hash Key and the Range Key element in the KeySchema have the same name",
  ],
  [
    "a local index with two partition keys",
    table(locals(index("by-a", [hash("pk"), hash("sk")]))),
    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
  ],
  [
    "a local index without sort key, even of another partition key",
    table(locals(index("by-a", [hash("sk")]))),
    `${wrong}Index KeySchema does not have a range key for index: by-a`,
  ],
  [
    "a local index of another partition key",
    table(locals(index("by-a", [hash("sk"), range("pk")], { Projection: {} }))),
    `${wrong}Index KeySchema does not have the same leading hash key as table KeySchema for index: by-a. index hash key: sk, table hash key: pk`,
  ],
  [
    "keys of a global index without definitions",
    table(globals(index("by-q", [hash("q")]))),
    `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [sk, pk]`,
  ],
  [
    "a global index that names an attribute twice",
    table(globals(index("by-a", [hash("sk"), range("sk")]))),
    "The KeySchema contains multiple key attributes with the same name",
  ],
  [
    "a global index that begins with a sort key",
    table(globals(index("by-a", [range("sk"), hash("pk")]))),
    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
  ],
  [
    "a partition key behind a sort key",
    table(globals(index("by-a", [hash("pk"), range("sk"), hash("a")])), "a"),
    `${wrong}All HASH key attributes must precede RANGE key attributes in the KeySchema`,
  ],
  [
    "a partition key of five attributes",
    table(globals(index("by-all", ["a", "b", "c", "d", "e"].map(hash))), "a", "b", "c", "d", "e"),
    `${wrong}The KeySchema exceeds the maximum allowed number of HASH key attributes`,
  ],
  [
    "a sort key of five attributes",
    table(
      globals(index("by-all", [hash("pk"), ...["a", "b", "c", "d", "e"].map(range)])),
      ...["a", "b", "c", "d", "e"],
    ),
    `${wrong}The KeySchema exceeds the maximum allowed number of RANGE key attributes`,
  ],
  [
    "definitions that are not used, before all that follows",
    table(globals(global("by-a", { Projection: {}, ProvisionedThroughput: units(1, 1) })), "a", "b", "c"),
    `${wrong}Some AttributeDefinitions are not used. AttributeDefinitions: [sk, a, b, pk, c], keys used: [a, sk, pk]`,
  ],
  [
    "no kind of projection",
    table(globals(global("by-a", { Projection: { NonKeyAttributes: ["x"] } })), "a"),
    `${wrong}Unknown ProjectionType: null`,
  ],
  [
    "attributes beside ALL",
    table(locals(local("by-a", { Projection: { ...all, NonKeyAttributes: ["x"] } })), "a"),
    `${wrong}ProjectionType is ALL, but NonKeyAttributes is specified`,
  ],
  [
    "attributes beside KEYS_ONLY",
    table(
      globals(global("by-a", { Projection: { ProjectionType: "KEYS_ONLY", NonKeyAttributes: ["x"] } })),
      "a",
    ),
    `${wrong}ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified`,
  ],
  [
    "INCLUDE without attributes",
    table(globals(global("by-a", { Projection: { ProjectionType: "INCLUDE" } })), "a"),
    `${wrong}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
  ],
  [
    "an attribute included twice",
    table(
      globals(
        global("by-a", {
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x", "y", "x"] },
        }),
      ),
      "a",
    ),
    `${wrong}Duplicate element in NonKeyAttributes: x`,
  ],
  [
    "more included attributes than a table may have, counting each mention",
    table(
      {
        ...locals(local("local", included(1, "x"))),
        ...globals(...many(5, (name) => global(name, included(20, "x")))),
      },
      "a",
    ),
    `${wrong}Number of NonKeyAttributes exceeds the per-table limit of 100`,
  ],
  [
    "a name for two local indexes",
    table(locals(local("same"), local("same")), "a"),
    `${wrong}Duplicate index name: same`,
  ],
  [
    "a name for a local and a global index",
    table({ ...locals(local("same")), ...globals(global("same")) }, "a"),
    `${wrong}Duplicate index name: same`,
  ],
  [
    "six local indexes",
    table(locals(...many(6, local)), "a"),
    `${wrong}Number of LocalSecondaryIndexes exceeds per-table limit of 5`,
  ],
  [
    "twenty-one global indexes",
    table(globals(...many(21, global)), "a"),
    `${wrong}GlobalSecondaryIndex count exceeds the per-table limit of 20`,
  ],
  [
    "units of an index of an on-demand table",
    table(globals(global("by-a"), global("again", { ProvisionedThroughput: units(1, 1) })), "a"),
    `${wrong}ProvisionedThroughput should not be specified for index: again when BillingMode is PAY_PER_REQUEST`,
  ],
  [
    "no units of an index of a provisioned table",
    provisionedRequest(1, 1, { ...defines("pk", "a"), ...globals(global("by-a")) }),
    `${wrong}ProvisionedThroughput is not specified for index: by-a`,
  ],
  [
    "more units of an index than there are",
    provisionedRequest(1, 1, {
      ...defines("pk", "a"),
      ...globals(
        global("by-a", { ProvisionedThroughput: { ReadCapacityUnits: 1e12 + 1, WriteCapacityUnits: 1 } }),
      ),
    }),
    "Given value 1000000000001 for ReadCapacityUnits is out of bounds for index by-a",
  ],
  [
    "an on-demand limit of an index of a provisioned table",
    provisionedRequest(1, 1, {
      ...defines("pk", "a"),
      ...globals(
        global("by-a", {
          ProvisionedThroughput: units(1, 1),
          OnDemandThroughput: { MaxReadRequestUnits: 1 },
        }),
      ),
    }),
    `${wrong}MaxReadRequestUnits for OnDemandThroughput for index: by-a cannot be specified when table BillingMode is PROVISIONED.`,
  ],
  [
    "an on-demand limit of an index below one",
    table(globals(global("by-a", { OnDemandThroughput: { MaxWriteRequestUnits: -1 } })), "a"),
    `${wrong}Requested MaxWriteRequestUnits for OnDemandThroughput for index : by-a is outside of valid range`,
  ],
  [
    "warm throughput of an index below what on-demand gives",
    table(globals(global("by-a", { WarmThroughput: { WriteUnitsPerSecond: 3_999 } })), "a"),
    `${wrong}Requested WriteUnitsPerSecond for WarmThroughput for index by-a is lower than initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial`,
  ],
];

describe("CreateTable refuses indexes with", () => {
  for (const [what, request, message] of refusals) {
    test(what, async () => {
      const { run } = openRunner();
      await assert.rejects(run(createTable, request), { name: "ValidationException", message });
    });
  }

  test("more than the quotas of an index", async () => {
    const { run } = openRunner();
    const quotas: readonly [request: object, message: string][] = [
      [
        provisionedRequest(40_000, 1, {
          ...defines("pk", "a"),
          ...globals(
            global("by-a", { ProvisionedThroughput: { ReadCapacityUnits: 40_001, WriteCapacityUnits: 1 } }),
          ),
        }),
        "The requested ReadCapacityUnits for index by-a, 40001, is above the per index maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
      ],
      [
        table(globals(global("by-a", { OnDemandThroughput: { MaxReadRequestUnits: 40_001 } })), "a"),
        "Subscriber limit exceeded: Requested MaxReadRequestUnits for OnDemandThroughput for index : by-a exceeds TableMaxReadCapacityUnits of the account in region us-east-1",
      ],
      [
        table(globals(global("by-a", { WarmThroughput: { WriteUnitsPerSecond: 40_001 } })), "a"),
        "Subscriber limit exceeded: Requested WriteUnitsPerSecond for WarmThroughput for index by-a exceeds TableMaxWriteCapacityUnits of the account in region us-east-1",
      ],
    ];
    for (const [request, message] of quotas) {
      await assert.rejects(run(createTable, request), { name: "LimitExceededException", message });
    }
  });
});

describe("CreateTable takes", () => {
  const taken: readonly [what: string, request: object][] = [
    ["a global index like the table", table(globals(index("same-keys", [hash("pk"), range("sk")])))],
    ["a local index like the table", table(locals(index("same-keys", [hash("pk"), range("sk")])))],
    ["an index called like the table", table(globals(global("Music")), "a")],
    [
      "key attributes among those included",
      table(
        globals(global("by-a", { Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["pk", "a"] } })),
        "a",
      ),
    ],
    [
      "100 included attributes and five and twenty indexes",
      table(
        {
          ...locals(...many(5, (name) => local(`local-${name}`))),
          ...globals(
            ...many(5, (name) => global(`more-${name}`, included(20, "x"))),
            ...many(15, (name) => global(name)),
          ),
        },
        "a",
      ),
    ],
  ];
  for (const [what, request] of taken) {
    test(what, async () => {
      const { TableDescription: answer } = await openRunner().run(createTable, request);
      assert.equal(answer?.TableStatus, "CREATING");
    });
  }

  test("keys of four and four attributes, and names that objects inherit", async () => {
    const { run } = openRunner();
    const keys = ["__proto__", "constructor", "c", "d"];
    const sorts = ["toString", "f", "g", "h"];
    const KeySchema = [...keys.map(hash), ...sorts.map(range)];
    const included = { ProjectionType: "INCLUDE", NonKeyAttributes: ["valueOf", "__proto__"] };
    const request = tableRequest({
      ...defines("pk", ...keys, ...sorts),
      ...globals(index("__proto__", KeySchema, { Projection: included })),
    });
    await run(createTable, request);
    const { Table: described } = await run(describeTable, { TableName: "Music" });
    assert.deepEqual(described?.GlobalSecondaryIndexes?.[0]?.KeySchema, KeySchema);
    assert.equal(described.GlobalSecondaryIndexes[0].IndexName, "__proto__");
    assert.deepEqual(described.GlobalSecondaryIndexes[0].Projection, {
      ProjectionType: "INCLUDE",
      NonKeyAttributes: ["__proto__", "valueOf"],
    });
    assert.deepEqual(
      described.AttributeDefinitions?.map(({ AttributeName }) => AttributeName),
      ["__proto__", "c", "constructor", "d", "f", "g", "h", "pk", "toString"],
    );
  });
});
