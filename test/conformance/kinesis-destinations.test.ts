import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteTableCommand,
  DescribeKinesisStreamingDestinationCommand,
  DescribeTableCommand,
  DisableKinesisStreamingDestinationCommand,
  EnableKinesisStreamingDestinationCommand,
  UpdateKinesisStreamingDestinationCommand,
  type ApproximateCreationDateTimePrecision,
  type KinesisDataStreamDestination,
} from "@aws-sdk/client-dynamodb";
import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import { startTestKinesis } from "../fixtures/kinesis.ts";
import { createItemTable } from "./item-tables.ts";
import { rawRefusal, refusalOf, validation } from "./refusals.ts";
import { startTestServer, testsOwnServer } from "./server.ts";

const kinesis = await startTestKinesis();
const arn = await kinesis.createStream("first");
const otherArn = await kinesis.createStream("second");
const absentArn = `${arn}-that-is-not-there`;
const server = await startTestServer({
  kinesisEndpoint: kinesis.endpoint,
  devClock: true,
});
const { client, endpoint } = server;
after(async () => {
  await server.close();
  await kinesis.close();
});

const notEnablable = validation(
  "Table is not in a valid state to enable Kinesis Streaming Destination: " +
    "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.",
);
const notDisablable = validation(
  "Table is not in a valid state to enable Kinesis Streaming Destination: " +
    "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.",
);
const noPermission = "User does not have a permission to use kinesis stream";

let tables = 0;
let TableName: string;

beforeEach(async () => {
  tables += 1;
  TableName = `Table-${tables}`;
  await createItemTable(client, TableName, ["id", "S"]);
});

function enable(StreamArn: string, precision?: ApproximateCreationDateTimePrecision) {
  const configuration = { ApproximateCreationDateTimePrecision: precision };
  const asked = precision === undefined ? {} : { EnableKinesisStreamingConfiguration: configuration };
  return client.send(new EnableKinesisStreamingDestinationCommand({ TableName, StreamArn, ...asked }));
}

function disable(StreamArn: string) {
  return client.send(new DisableKinesisStreamingDestinationCommand({ TableName, StreamArn }));
}

function update(StreamArn: string, precision: ApproximateCreationDateTimePrecision) {
  const configuration = { ApproximateCreationDateTimePrecision: precision };
  return client.send(
    new UpdateKinesisStreamingDestinationCommand({
      TableName,
      StreamArn,
      UpdateKinesisStreamingConfiguration: configuration,
    }),
  );
}

async function destinations(): Promise<readonly KinesisDataStreamDestination[]> {
  const described = await client.send(new DescribeKinesisStreamingDestinationCommand({ TableName }));
  assert.equal(described.TableName, TableName);
  return described.KinesisDataStreamDestinations ?? [];
}

function answered(output: object): object {
  return Object.fromEntries(Object.entries(output).filter(([name]) => name !== "$metadata"));
}

/** Waits until nothing is under way, and answers what there is then. */
async function settled(): Promise<readonly KinesisDataStreamDestination[]> {
  for (;;) {
    const all = await destinations();
    if (all.every(({ DestinationStatus: status = "" }) => !status.endsWith("ING"))) return all;
    await delay(10);
  }
}

const skip = !testsOwnServer;

describe("Kinesis destinations", { skip }, () => {
  test("a table has none at first", async () => {
    assert.deepEqual(await destinations(), []);
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    assert.equal(JSON.stringify(table).includes("Kinesis"), false);
  });

  test("one is enabled, updated, disabled and enabled again", async () => {
    const enabled = answered(await enable(arn));
    const names = { TableName, StreamArn: arn };
    assert.deepEqual(enabled, {
      ...names,
      DestinationStatus: "ENABLING",
      EnableKinesisStreamingConfiguration: {},
    });
    assert.deepEqual(await settled(), [{ StreamArn: arn, DestinationStatus: "ACTIVE" }]);

    const updated = answered(await update(arn, "MICROSECOND"));
    const precision = { ApproximateCreationDateTimePrecision: "MICROSECOND" };
    assert.deepEqual(updated, {
      ...names,
      DestinationStatus: "UPDATING",
      UpdateKinesisStreamingConfiguration: precision,
    });
    assert.deepEqual(await settled(), [{ StreamArn: arn, DestinationStatus: "ACTIVE", ...precision }]);

    const disabled = answered(await disable(arn));
    assert.deepEqual(disabled, { ...names, DestinationStatus: "DISABLING" });
    const [over, ...rest] = await settled();
    assert.deepEqual([over?.DestinationStatus, rest], ["DISABLED", []]);

    await enable(arn);
    assert.deepEqual(await settled(), [{ StreamArn: arn, DestinationStatus: "ACTIVE" }]);
  });

  test("the answer echoes the precision that was asked for, and so do descriptions", async () => {
    const precision = { ApproximateCreationDateTimePrecision: "MILLISECOND" } as const;
    const enabled = await enable(arn, "MILLISECOND");
    assert.deepEqual(enabled.EnableKinesisStreamingConfiguration, precision);
    assert.deepEqual(await settled(), [{ StreamArn: arn, DestinationStatus: "ACTIVE", ...precision }]);
  });

  test("the newest one is told first, and those that are over stay", async () => {
    await enable(arn);
    await settled();
    await disable(arn);
    await settled();
    await enable(otherArn);
    assert.deepEqual(
      (await settled()).map(({ StreamArn, DestinationStatus }) => [StreamArn, DestinationStatus]),
      [
        [otherArn, "ACTIVE"],
        [arn, "DISABLED"],
      ],
    );
  });

  test("a table delivers to one stream at a time", async () => {
    await enable(arn);
    assert.deepEqual(await refusalOf(enable(arn)), notEnablable);
    await settled();
    assert.deepEqual(await refusalOf(enable(arn)), notEnablable);
    assert.deepEqual(await refusalOf(enable(otherArn)), notEnablable);
    await disable(arn);
    assert.deepEqual(await refusalOf(enable(otherArn)), notEnablable);
  });

  test("only one that is active is disabled, but again and again while it goes", async () => {
    assert.deepEqual(await refusalOf(disable(arn)), notDisablable);
    assert.deepEqual(await refusalOf(disable("not-an-arn")), notDisablable);
    await enable(arn);
    await settled();
    assert.deepEqual(await refusalOf(disable(otherArn)), notDisablable);
    assert.equal((await disable(arn)).DestinationStatus, "DISABLING");
    assert.equal((await disable(arn)).DestinationStatus, "DISABLING");
    await settled();
    assert.deepEqual(await refusalOf(disable(arn)), notDisablable);
    const configured = new DisableKinesisStreamingDestinationCommand({
      TableName,
      StreamArn: arn,
      EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: "MICROSECOND" },
    });
    assert.deepEqual(
      await refusalOf(client.send(configured)),
      validation("Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters"),
    );
  });

  test("only one that is active is updated, and to what it is not yet", async () => {
    const state = "Table is not in a valid state to enable Kinesis Streaming Destination: ";
    assert.deepEqual(
      await refusalOf(update(arn, "MICROSECOND")),
      validation(
        `${state}No streaming destination with streamArn: ${arn} found for table with tableName: ${TableName}`,
      ),
    );
    await enable(arn);
    await settled();
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
    assert.deepEqual(
      await refusalOf(update(arn, "MILLISECOND")),
      validation(
        "Invalid Request: Precision is already set to the desired value of MILLISECOND " +
          `for tableId: ${table?.TableId}, kdsArn: ${arn}`,
      ),
    );
    await disable(arn);
    await settled();
    assert.deepEqual(
      await refusalOf(update(arn, "MICROSECOND")),
      validation(
        `${state}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. ` +
          `TableName: ${TableName}, kdsArn: ${arn}`,
      ),
    );
  });

  test("the precision is changed three times in 24 hours", async () => {
    await enable(arn);
    await settled();
    await update(arn, "MICROSECOND");
    await update(arn, "MILLISECOND");
    await update(arn, "MICROSECOND");
    assert.equal((await refusalOf(update(arn, "MILLISECOND"))).name, "LimitExceededException");
    server.advanceClock(24 * 60 * 60_000);
    assert.equal((await update(arn, "MILLISECOND")).DestinationStatus, "UPDATING");
  });

  test("an update says what to update, in the words of the model", async () => {
    const empty = validation(
      "Streaming destination cannot be updated with given parameters: " +
        "UpdateKinesisStreamingConfiguration cannot be null or contain only null values",
    );
    const operation = "UpdateKinesisStreamingDestination";
    const names = { TableName, StreamArn: arn };
    for (const UpdateKinesisStreamingConfiguration of [undefined, null, {}]) {
      const request = { ...names, UpdateKinesisStreamingConfiguration };
      assert.deepEqual(await rawRefusal(endpoint, operation, request), empty);
    }
    const UpdateKinesisStreamingConfiguration = { ApproximateCreationDateTimePrecision: "SECOND" };
    assert.deepEqual(
      await rawRefusal(endpoint, operation, { ...names, UpdateKinesisStreamingConfiguration }),
      validation(
        "1 validation error detected: Value 'SECOND' at " +
          "'updateKinesisStreamingConfiguration.approximateCreationDateTimePrecision' failed to satisfy constraint: " +
          "Member must satisfy enum value set: [MILLISECOND, MICROSECOND]",
      ),
    );
  });

  test("a stream that cannot be delivered to fails afterwards, says why, and is in nobody's way", async () => {
    await enable(absentArn);
    const failed = { DestinationStatus: "ENABLE_FAILED", DestinationStatusDescription: noPermission };
    assert.deepEqual(await settled(), [{ StreamArn: absentArn, ...failed }]);
    assert.deepEqual(await refusalOf(disable(absentArn)), notDisablable);
    const elsewhere = arn.replace("us-east-1", "eu-west-1");
    await enable(elsewhere);
    assert.deepEqual((await settled())[0], {
      StreamArn: elsewhere,
      DestinationStatus: "ENABLE_FAILED",
      DestinationStatusDescription:
        "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the current region",
    });
    await enable("arn:aws:dynamodb:us-east-1:000000000000:table/Music");
    assert.deepEqual((await settled())[0]?.DestinationStatusDescription, noPermission);
    await enable(arn);
    assert.equal((await settled())[0]?.DestinationStatus, "ACTIVE");
    assert.equal((await settled()).length, 4);
  });

  test("a stream that failed may be tried again, once it is there", async () => {
    const late = arn.replace(/first$/, "late");
    await enable(late);
    assert.equal((await settled())[0]?.DestinationStatus, "ENABLE_FAILED");
    await kinesis.client.send(new CreateStreamCommand({ StreamName: "late", ShardCount: 1 }));
    await delay(50);
    await enable(late);
    assert.deepEqual(await settled(), [{ StreamArn: late, DestinationStatus: "ACTIVE" }]);
    await kinesis.client.send(new DeleteStreamCommand({ StreamName: "late" }));
  });

  test("a server out of reach is waited for, for a minute", async () => {
    await kinesis.shut();
    await enable(arn);
    await delay(300);
    assert.deepEqual(await destinations(), [{ StreamArn: arn, DestinationStatus: "ENABLING" }]);
    assert.deepEqual(await refusalOf(disable(arn)), notDisablable);
    server.advanceClock(60_000);
    const [failed] = await settled();
    assert.equal(failed?.DestinationStatus, "ENABLE_FAILED");
    assert.match(
      failed.DestinationStatusDescription ?? "",
      /^The kinesis stream cannot be reached: .*ECONNREFUSED/,
    );
    await enable(arn);
    await kinesis.open();
    assert.equal((await settled())[0]?.DestinationStatus, "ACTIVE");
  });

  test("a table that is not there has no destinations", async () => {
    await enable(arn);
    await settled();
    await client.send(new DeleteTableCommand({ TableName }));
    const absent = {
      name: "ResourceNotFoundException",
      message: `Requested resource not found: Table: ${TableName} not found`,
    };
    assert.deepEqual(await refusalOf(destinations()), absent);
    assert.deepEqual(await refusalOf(enable(arn)), absent);
    assert.deepEqual(await refusalOf(disable(arn)), absent);
    assert.deepEqual(await refusalOf(update(arn, "MICROSECOND")), absent);
  });
});
