/** Races of a table's settings. */
import {
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type TableDescription,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { drawSides, refusalOf, type Bed, type Side } from "./bed.ts";
import { deleteEverywhere } from "./lives.ts";
import { additionOf } from "./index-changes.ts";
import { createTable, describedTable, indexShapes, isSettled, untilTable } from "./raced-table.ts";

interface Setting {
  readonly name: string;
  change(side: Side, table: TableName): Promise<unknown>;
  isSeen(side: Side, table: TableName): Promise<boolean>;
}

interface TableName {
  readonly name: string;
  readonly arn: string;
}

const [index] = indexShapes;

const settings: readonly Setting[] = [
  ofTable(
    "protection",
    { DeletionProtectionEnabled: true },
    (table) => table.DeletionProtectionEnabled === true,
  ),
  ofTable(
    "class",
    { TableClass: "STANDARD_INFREQUENT_ACCESS" },
    ({ TableClassSummary: summary }) => summary?.TableClass === "STANDARD_INFREQUENT_ACCESS",
  ),
  ofTable(
    "stream",
    { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } },
    ({ StreamSpecification: stream }) => stream?.StreamEnabled === true,
  ),
  ofTable(
    "mode",
    { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 } },
    ({ ProvisionedThroughput: throughput }) => throughput?.WriteCapacityUnits === 7,
  ),
  ofTable("index", additionOf("", index), ({ GlobalSecondaryIndexes: indexes = [] }) => indexes.length === 1),
  {
    name: "time to live",
    change: ({ client }, { name }) =>
      client.send(
        new UpdateTimeToLiveCommand({
          TableName: name,
          TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
        }),
      ),
    async isSeen({ client }, { name }) {
      const { TimeToLiveDescription: described } = await client.send(
        new DescribeTimeToLiveCommand({ TableName: name }),
      );
      return described?.AttributeName === "expires";
    },
  },
  ...["one tag", "another tag", "a third tag"].map(tagged),
];

/** Two settings are changed at once on two servers, and others one after another; none that was accepted is lost. */
export async function changeSettings(bed: Bed): Promise<void> {
  const name = bed.newTableName();
  const { TableArn: arn = "" } = await createTable(bed.any, name);
  const table = { name, arn };
  const left = [...settings];
  const draw = () => left.splice(bed.draw.below(left.length), 1);
  const accepted: Setting[] = [];
  for (let round = 0; round < 2; round++) {
    const both = [...draw(), ...draw()];
    const refusals = await Promise.all(
      both.map((setting, at) => refusalOf(setting.change(bed.sides[at] ?? bed.sides[0], table))),
    );
    for (const [at, setting] of both.entries()) {
      if (refusals[at] === undefined) accepted.push(setting);
      else {
        assert.match(refusals[at], /^(ResourceInUse|LimitExceeded|Validation)Exception: /);
        left.push(setting);
      }
    }
    await assertSeen(bed, table, { accepted, left });
  }
  for (const setting of draw()) {
    const [one, other] = drawSides(bed);
    await untilTable(one, name, isSettled);
    if ((await refusalOf(setting.change(one, table))) === undefined)
      assert.ok(await setting.isSeen(other, table), `${setting.name} is seen by the very next request`);
  }
  await untilTable(bed.any, name, isSettled);
  await bed.any.client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
  await deleteEverywhere(bed, name);
}

async function assertSeen(
  { sides }: Bed,
  table: TableName,
  { accepted, left }: { accepted: readonly Setting[]; left: readonly Setting[] },
): Promise<void> {
  for (const side of sides) {
    for (const setting of accepted)
      assert.ok(await setting.isSeen(side, table), `${setting.name} was accepted and is lost`);
    for (const setting of left)
      assert.ok(!(await setting.isSeen(side, table)), `${setting.name} was refused and is there`);
  }
}

function ofTable(
  name: string,
  members: Omit<UpdateTableCommandInput, "TableName">,
  isSeen: (table: TableDescription) => boolean,
): Setting {
  return {
    name,
    change: ({ client }, table) => client.send(new UpdateTableCommand({ ...members, TableName: table.name })),
    isSeen: async (side, table) => isSeen((await describedTable(side, table.name)) ?? {}),
  };
}

function tagged(key: string): Setting {
  return {
    name: key,
    change: ({ client }, { arn }) =>
      client.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: key, Value: key }] })),
    async isSeen({ client }, { arn }) {
      const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
      return Tags.some(({ Key }) => Key === key);
    },
  };
}
