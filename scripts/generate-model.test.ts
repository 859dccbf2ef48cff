import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { generatedFiles } from "./model/generated-files.ts";
import { readServiceModels } from "./model/read-service-models.ts";
import { serviceModels } from "./model/service-model.ts";
import { serviceOrder } from "./model/service-order.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const folder = process.env["STATOR_MODELS"] ?? join(repository, "../shared/contract");
const absent = serviceModels.some(({ file }) => !existsSync(join(folder, file)));
const skip = absent && "the service models are not at hand; STATOR_MODELS can name their folder";

for (const [file, source] of Object.entries(generatedFiles)) {
  test(`src/model/${file} is what the generator writes today`, { skip }, () => {
    const committed = readFileSync(join(repository, "src/model", file), "utf8");
    assert.ok(committed === source(readServiceModels(folder)), `${file} is stale: run npm run generate`);
  });
}

test("members stand in the order in which the service was seen to report them", () => {
  assert.deepEqual(
    serviceOrder(["ConditionalOperator", "Key", "ReturnConsumedCapacity", "ReturnValues", "TableName"]),
    ["ReturnConsumedCapacity", "TableName", "ReturnValues", "ConditionalOperator", "Key"],
  );
  assert.deepEqual(serviceOrder(["LocalSecondaryIndexes", "GlobalSecondaryIndexes"]), [
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
  ]);
});
