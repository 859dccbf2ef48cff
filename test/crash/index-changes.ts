import { UpdateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { setTimeout as delay } from "node:timers/promises";
import { attributeDefinitions, indexMembers } from "../oracle/indexes/shapes.ts";
import { laterIndexes, tableName } from "./drill-table.ts";

type UpdateTableInput = ConstructorParameters<typeof UpdateTableCommand>[0];

const pauseMsMax = 150;
/** The index may be there already, or be gone, or another change is under way. */
const refusals = [
  ...["ValidationException", "ResourceInUseException"],
  ...["LimitExceededException", "ResourceNotFoundException"],
];

/**
 * Adds and drops indexes, one after the other, until a request gets no answer. Answers how many changes were begun, and
 * tells of each.
 */
export async function changeIndexesUntilCut(
  client: DynamoDBClient,
  { random, onChange }: { random: () => number; onChange: () => void },
): Promise<number> {
  for (let changes = 0; ;) {
    await delay(random() * pauseMsMax);
    try {
      await client.send(new UpdateTableCommand(changeOf(random)));
      changes++;
      onChange();
    } catch (error) {
      if (!(error instanceof Error) || !("$metadata" in error)) throw error;
      const { httpStatusCode: status } = error.$metadata as { httpStatusCode?: number };
      if (status === undefined) return changes;
      if (!refusals.includes(error.name)) throw error;
    }
  }
}

function changeOf(random: () => number): UpdateTableInput {
  const index = laterIndexes[Math.floor(random() * laterIndexes.length)] ?? laterIndexes[0];
  if (index === undefined) throw new Error("there are indexes to add");
  const change = random() < 0.65 ? { Create: indexMembers(index) } : { Delete: { IndexName: index.name } };
  return {
    TableName: tableName,
    AttributeDefinitions: attributeDefinitions([...index.partition, ...index.sort]),
    GlobalSecondaryIndexUpdates: [change],
  } as UpdateTableInput;
}
