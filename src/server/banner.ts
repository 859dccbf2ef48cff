import { resolve } from "node:path";
import type { Configuration } from "./command-line.ts";
import { nameOfEngine } from "./engine-url.ts";

/** What is told to the person who started the server. */
export function bannerOf(
  { region, accountId, ...storage }: Configuration,
  { version, endpoint }: { version: string; endpoint: string },
): string {
  return `Stator ${version}, DynamoDB at ${endpoint}

  region   ${region}
  account  ${accountId}
  data     ${placeOf(storage)}

Try it from another terminal:

  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region} \\
    aws dynamodb list-tables --endpoint-url ${endpoint}

Ctrl-C stops the server.
`;
}

function placeOf({
  engine,
  dataFolder,
  durability,
}: Pick<Configuration, "engine" | "dataFolder" | "durability">): string {
  if (engine !== undefined) return nameOfEngine({ kind: "postgres", url: engine });
  if (dataFolder === undefined) return "in memory: gone when the server stops";
  return `${resolve(dataFolder)} (${durability}: ${durabilityMeans[durability]})`;
}

const durabilityMeans = {
  strict: "a write is on disk when it is acknowledged",
  relaxed: "all may be lost when the machine fails",
};
