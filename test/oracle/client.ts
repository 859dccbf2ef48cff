import { Agent, request } from "node:http";
import type { Item } from "./values.ts";

/** Whatever an item operation may answer with. */
export interface Output {
  readonly Item?: Item;
  readonly Attributes?: Item;
  readonly Items?: readonly Item[];
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: Item;
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
  readonly UnprocessedKeys?: object;
  readonly UnprocessedItems?: object;
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
  readonly CancellationReasons?: readonly CancellationReason[];
  readonly Table?: {
    readonly TableStatus: string;
    readonly ItemCount: number;
    readonly TableSizeBytes: number;
    readonly LocalSecondaryIndexes?: readonly DescribedIndex[];
    readonly GlobalSecondaryIndexes?: readonly DescribedIndex[];
  };
}

interface DescribedIndex {
  readonly IndexName: string;
  readonly IndexStatus?: string;
  readonly ItemCount: number;
  readonly IndexSizeBytes: number;
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

export interface Answer {
  readonly status: number;
  readonly output: Output;
}

const credential = "000000000000/20261001/us-east-1/dynamodb/aws4_request";

/**
 * Speaks AWS JSON over keep-alive connections, without an SDK between the test and the bytes. Several servers are asked
 * in turn, as if they were one.
 */
export class Client {
  readonly #endpoints: readonly string[];
  readonly #agent: Agent;
  #calls = 0;

  constructor(endpoints: string | readonly string[], connections = 1) {
    this.#endpoints = typeof endpoints === "string" ? [endpoints] : endpoints;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  call(operation: string, members: object): Promise<Answer> {
    const endpoint = this.#endpoints[this.#calls++ % this.#endpoints.length] ?? "";
    const body = Buffer.from(JSON.stringify(members));
    const headers = {
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-date": "20261001T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=00`,
      "content-length": body.length,
    };
    return new Promise((resolve, reject) => {
      const sent = request(endpoint, { method: "POST", agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          // Tagging answers with no body at all.
          const text = Buffer.concat(chunks).toString() || "{}";
          resolve({ status: response.statusCode ?? 0, output: parseOutput(text) });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** An answer that is no JSON becomes one that fails whatever is asserted of it. */
function parseOutput(text: string): Output {
  try {
    return JSON.parse(text) as Output;
  } catch {
    return { __type: "not JSON", message: text };
  }
}
