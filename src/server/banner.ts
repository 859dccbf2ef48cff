import { resolve } from "node:path";
import type { Configuration } from "./command-line.ts";

/** What is told to the person who started the server. */
export function bannerOf(
  { region, accountId, dataFolder, durability }: Configuration,
  { version, endpoint }: { version: string; endpoint: string },
): string {
  const data =
    dataFolder === undefined
      ? "in memory: gone when the server stops"
      : `${resolve(dataFolder)} (${durability}: ${durabilityMeans[durability]})`;
  return `Stator ${version}, DynamoDB at ${endpoint}

  region   ${region}
  account  ${accountId}
  data     ${data}

Try it from another terminal:

  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region} \\
    aws dynamodb list-tables --endpoint-url ${endpoint}

Ctrl-C stops the server.
`;
}

const durabilityMeans = {
  strict: "a write is on disk when it is acknowledged",
  relaxed: "all may be lost when the machine fails",
};
