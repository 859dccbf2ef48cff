/**
 * Turns the service model (`dynamodb.json`, `dynamodbstreams.json`) into the committed files of `src/model`:
 * the wire types of every operation and, as data, the shapes that requests are checked against.
 *
 * usage: npm run generate -- <folder of the service models>
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serviceModels, type ServiceModel } from "./model/service-model.ts";
import { typesSource } from "./model/types-source.ts";

const models = serviceModels.map(
  ({ file }) =>
    JSON.parse(readFileSync(join(process.argv[2] ?? "../shared/contract", file), "utf8")) as ServiceModel,
);
const target = new URL("../src/model/", import.meta.url);
writeFileSync(new URL("types.generated.ts", target), typesSource(models));
