import type { ServiceModel } from "./service-model.ts";
import { shapesSource } from "./shapes-source.ts";
import { typesSource } from "./types-source.ts";

/** The files of `src/model` that are written from the service models, and how. */
export const generatedFiles: Readonly<Record<string, (models: readonly ServiceModel[]) => string>> = {
  "types.generated.ts": typesSource,
  "shapes.generated.ts": shapesSource,
};
