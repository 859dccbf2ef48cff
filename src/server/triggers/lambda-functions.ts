import type { LambdaClient } from "@aws-sdk/client-lambda";
import { FunctionUnavailableError, type FunctionAnswer, type FunctionCall } from "../../base/functions.ts";
import { clientSettings } from "./client-settings.ts";

/** As long as a function may take on Lambda, and a little more for the way. */
const remoteMsMax = 905_000;

/** Functions behind an endpoint that speaks Lambda's Invoke. */
export class LambdaFunctions {
  readonly #endpoint: string;
  readonly #clients = new Map<string, LambdaClient>();

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  async invoke({ name, qualifier, arn, payload }: FunctionCall): Promise<FunctionAnswer> {
    const { InvokeCommand } = await import("@aws-sdk/client-lambda");
    const client = await this.#client(arn.split(":")[3] ?? "us-east-1");
    const command = new InvokeCommand({ FunctionName: name, Qualifier: qualifier, Payload: payload });
    const answer = await client
      .send(command, { abortSignal: AbortSignal.timeout(remoteMsMax) })
      .catch((error: unknown) => {
        throw new FunctionUnavailableError(`${this.#endpoint} did not run ${name}`, { cause: error });
      });
    const text = answer.Payload === undefined ? "" : Buffer.from(answer.Payload).toString();
    return { kind: answer.FunctionError === undefined ? "returned" : "failed", payload: text || "null" };
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  async #client(region: string): Promise<LambdaClient> {
    const { LambdaClient } = await import("@aws-sdk/client-lambda");
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = new LambdaClient({ ...clientSettings(region), endpoint: this.#endpoint, maxAttempts: 1 });
    this.#clients.set(region, client);
    return client;
  }
}
