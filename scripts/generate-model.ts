/**
 * Turns the service model (`dynamodb.json`, `dynamodbstreams.json`) into the committed files of `src/model`:
 * the wire types of every operation and, as data, the shapes that requests are checked against.
 *
 * usage: npm run generate -- <folder of the service models>
 */
import { writeFileSync } from "node:fs";
import { generatedFiles } from "./model/generated-files.ts";
import { readServiceModels } from "./model/read-service-models.ts";

const target = new URL("../src/model/", import.meta.url);
const models = readServiceModels(process.argv[2] ?? "../shared/contract");
for (const [file, source] of Object.entries(generatedFiles))
  writeFileSync(new URL(file, target), source(models));
