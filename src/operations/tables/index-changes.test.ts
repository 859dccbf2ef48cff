import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  all,
  change,
  create,
  defines,
  described,
  globalIndex,
  hash,
  indexOf,
  onDemandTable,
  provisionedTable,
  range,
  remove,
  throughput,
  update,
  updates,
} from "../../../test/fixtures/indexed-table.ts";
import { openRunner, tableRequest, type Runner } from "../../../test/fixtures/operations.ts";
import { createTable } from "../dynamodb/create-table.ts";

const wrong = "One or more parameter values were invalid: ";

/** Adds an index by the string `c`. */
function add(runner: Runner, more: object = {}) {
  return change(runner, updates(create("by-c", "c", more)), defines("c"));
}

/** Of an on-demand table with the indexes `by-a` and `by-b`. */
const onDemandRefusals: readonly [what: string, list: object[], message: string, more?: object][] = [
  [
    "a name that is taken, even for a bad key",
    [create("by-a", "q")],
    "Attempting to create an index which already exists",
  ],
  ["no definitions", [create("by-c", "c")], `${wrong}AttributeDefinitions is not specified for index: by-c`],
  [
    "a key that the request does not define, though the table does",
    [create("by-c", "pk", { KeySchema: [hash("pk"), range("c")] })],
    `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [c, pk], AttributeDefinitions: [c]`,
    defines("c"),
  ],
  ["an attribute defined twice", [create("by-c", "c")], "Attribute Name is duplicated: c", defines("c", "c")],
  [
    "a key of five attributes",
    [create("by-c", "c", { KeySchema: ["c", "d", "e", "f", "g"].map(hash) })],
    `${wrong}The KeySchema exceeds the maximum allowed number of HASH key attributes`,
    defines("c", "d", "e", "f", "g"),
  ],
  [
    "no kind of projection",
    [create("by-c", "c", { Projection: {} })],
    `${wrong}Unknown ProjectionType: null`,
    defines("c"),
  ],
  [
    "units of a new index",
    [create("by-c", "c", throughput(1, 1))],
    `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: by-c when BillingMode is PAY_PER_REQUEST`,
    defines("c"),
  ],
  [
    "an on-demand limit of a new index below one",
    [create("by-c", "c", { OnDemandThroughput: { MaxReadRequestUnits: 0 } })],
    `${wrong}Requested MaxReadRequestUnits for OnDemandThroughput for index : by-c is outside of valid range`,
    defines("c"),
  ],
  [
    "a key attribute of another type than in another index",
    [create("by-c", "a")],
    `${wrong}Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{a:S:HASH}] New schema: Schema:[SchemaElement: key{a:N:HASH}]`,
    { AttributeDefinitions: [{ AttributeName: "a", AttributeType: "N" }] },
  ],
  [
    "a key attribute of another type than in the table",
    [create("by-c", "c", { KeySchema: [hash("c"), range("pk")] })],
    `${wrong}Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{pk:S:HASH}] New schema: Schema:[SchemaElement: key{c:B:HASH}, SchemaElement: key{pk:B:RANGE}]`,
    {
      AttributeDefinitions: ["c", "pk"].map((AttributeName) => ({ AttributeName, AttributeType: "B" })),
    },
  ],
  [
    "units of an index",
    [update("by-a", throughput(1, 1))],
    `${wrong}The only Updates for index: by-a when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput`,
  ],
  [
    "an update of nothing",
    [update("by-a", {})],
    `${wrong}The only Updates for index: by-a when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput`,
  ],
  [
    "units beyond all bounds, even of an index that is not there",
    [update("by-q", throughput(1e12 + 1, 1))],
    "This operation cannot be performed with given input values. Please contact DynamoDB service team for more info: Action Blocked: IndexUpdate",
  ],
  [
    "an on-demand limit of an index below one",
    [update("by-a", { OnDemandThroughput: { MaxReadRequestUnits: 0 } })],
    `${wrong}Requested MaxReadRequestUnits for OnDemandThroughput for index : by-a is outside of valid range`,
  ],
  [
    "less warm throughput than an index has",
    [update("by-a", { WarmThroughput: { ReadUnitsPerSecond: 100 } })],
    `${wrong}Requested ReadUnitsPerSecond for WarmThroughput for index by-a is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  ],
  [
    "the provisioned mode without the units of every index",
    [update("by-b", throughput(1, 1))],
    `${wrong}ProvisionedThroughput must be specified for index: by-a`,
    { BillingMode: "PROVISIONED", ...throughput(1, 1) },
  ],
];

const provisionedRefusals: readonly [what: string, list: object[], message: string, more?: object][] = [
  [
    "no units of a new index",
    [create("by-c", "c")],
    `${wrong}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: by-c`,
    defines("c"),
  ],
  [
    "an on-demand limit of an index",
    [update("by-a", { OnDemandThroughput: { MaxWriteRequestUnits: 5 } })],
    `${wrong}MaxWriteRequestUnits for OnDemandThroughput for index : by-a cannot be specified when the table BillingMode is PROVISIONED`,
  ],
  [
    "the units an index has",
    [update("by-a", throughput(5, 5))],
    "The provisioned throughput for the index by-a will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for index by-a: 5. Requested ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for index by-a: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
  ],
  [
    "warm throughput of a new index below its units",
    [create("by-c", "c", { ...throughput(9, 9), WarmThroughput: { ReadUnitsPerSecond: 8 } })],
    `${wrong}Requested ReadUnitsPerSecond for WarmThroughput for index by-c is lower than ReadCapacityUnits of ProvisionedThroughput`,
    defines("c"),
  ],
];

describe("UpdateTable refuses of an on-demand table", () => {
  for (const [what, list, message, more = {}] of onDemandRefusals) {
    test(what, async () => {
      await assert.rejects(change(await onDemandTable(), updates(...list), more), {
        name: "ValidationException",
        message,
      });
    });
  }
});

describe("UpdateTable refuses of a provisioned table", () => {
  for (const [what, list, message, more = {}] of provisionedRefusals) {
    test(what, async () => {
      await assert.rejects(change(await provisionedTable(), updates(...list), more), {
        name: "ValidationException",
        message,
      });
    });
  }
});

describe("UpdateTable refuses", () => {
  test("to change or delete an index that is not there, and leaves the others of the request alone", async () => {
    const runner = await provisionedTable();
    for (const ghost of [remove("ghost"), update("ghost", throughput(1, 1))]) {
      await assert.rejects(change(runner, updates(update("by-a", throughput(6, 6)), ghost)), {
        name: "ResourceNotFoundException",
        message: "Requested resource not found: Index ghost for table Music",
      });
    }
    assert.equal(indexOf(await described(runner), "by-a")?.ProvisionedThroughput?.ReadCapacityUnits, 5);
  });

  test("to touch a local index", async () => {
    const runner = openRunner();
    const local = { IndexName: "local", KeySchema: [hash("pk"), range("a")], Projection: all };
    const keys = { KeySchema: [hash("pk"), range("sk")], ...defines("pk", "sk", "a") };
    await runner.run(createTable, tableRequest({ ...keys, LocalSecondaryIndexes: [local] }));
    const refusals: readonly [update: object, message: string][] = [
      [remove("local"), "Cannot delete an index that is not a GlobalSecondaryIndex: local"],
      [
        update("local", { WarmThroughput: { ReadUnitsPerSecond: 13_000 } }),
        "Cannot update an index that is not a GlobalSecondaryIndex: local",
      ],
      [create("local", "a"), "Attempting to create an index which already exists"],
    ];
    for (const [wanted, message] of refusals) {
      await assert.rejects(change(runner, updates(wanted), defines("a")), {
        name: "ValidationException",
        message,
      });
    }
  });

  test("more than one index that comes or goes, whether or not they are there", async () => {
    const runner = await onDemandTable();
    const several: readonly object[][] = [
      [create("by-c", "c"), create("by-d", "d")],
      [create("by-c", "c"), remove("by-a")],
      [remove("ghost"), remove("phantom")],
    ];
    for (const list of several) {
      await assert.rejects(change(runner, updates(...list), defines("c", "d")), {
        name: "LimitExceededException",
        message:
          "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
      });
    }
  });

  test("a twenty-first index", async () => {
    const runner = openRunner();
    const indexes = Array.from({ length: 20 }, (_, position) => globalIndex(`index-${position}`, "a"));
    await runner.run(createTable, tableRequest({ ...defines("pk", "a"), GlobalSecondaryIndexes: indexes }));
    await assert.rejects(add(runner), {
      name: "LimitExceededException",
      message: "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20",
    });
  });

  test("more than the quotas of an index", async () => {
    const quotas: readonly [runner: Runner, list: object[], message: string][] = [
      [
        await provisionedTable(),
        [update("by-a", throughput(5, 40_001))],
        "The requested WriteCapacityUnits for index by-a, 40001, is above the per index maximum for the account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
      ],
      [
        await onDemandTable(),
        [update("by-a", { WarmThroughput: { ReadUnitsPerSecond: 40_001 } })],
        "Subscriber limit exceeded: Requested ReadUnitsPerSecond for WarmThroughput for index by-a exceeds TableMaxReadCapacityUnits of the account in region us-east-1",
      ],
      [
        await onDemandTable(),
        [create("by-c", "c", { OnDemandThroughput: { MaxReadRequestUnits: 40_001 } })],
        "Subscriber limit exceeded: Requested MaxReadRequestUnits for OnDemandThroughput for index : by-c exceeds TableMaxReadCapacityUnits of the account in region us-east-1",
      ],
    ];
    for (const [runner, list, message] of quotas) {
      await assert.rejects(change(runner, updates(...list), defines("c")), {
        name: "LimitExceededException",
        message,
      });
    }
  });
});
