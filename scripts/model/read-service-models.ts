import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serviceModels, type ServiceModel } from "./service-model.ts";
import { dynamodbSupplement } from "./supplement.ts";

/** The models of all services, from the folder that holds them. What a model lacks is supplemented. */
export function readServiceModels(folder: string): ServiceModel[] {
  return serviceModels.map(({ file }) => {
    const model = JSON.parse(readFileSync(join(folder, file), "utf8")) as ServiceModel;
    return file === "dynamodb.json" ? supplemented(model) : model;
  });
}

function supplemented(model: ServiceModel): ServiceModel {
  return {
    ...model,
    operations: { ...dynamodbSupplement.operations, ...model.operations },
    shapes: { ...dynamodbSupplement.shapes, ...model.shapes },
  };
}
