/** Errors as tests compare them. */
import { AssertionError } from "node:assert";

export interface Refusal {
  readonly name: string;
  readonly message: string;
}

/** The error an SDK call ends with; fails the test when it ends well. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  let output: unknown;
  try {
    output = await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
    throw error;
  }
  throw new AssertionError({ message: "expected a refusal", actual: output });
}

/** A `ValidationException` with this text. */
export function validation(message: string): Refusal {
  return { name: "ValidationException", message };
}

/** The answer to a request that an SDK would not send as it is. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function rawCall(endpoint: string, operation: string, request: unknown): Promise<RawAnswer> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20261121T120000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: typeof request === "string" ? request : JSON.stringify(request),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The error of a raw call, as `refusalOf` gives it for the SDK. */
export async function rawRefusal(endpoint: string, operation: string, request: unknown): Promise<Refusal> {
  const { status, body } = await rawCall(endpoint, operation, request);
  const { __type: type, message } = body;
  if (status === 400 && typeof type === "string" && typeof message === "string") {
    return { name: type.slice(type.indexOf("#") + 1), message };
  }
  throw new AssertionError({ message: "expected a refusal", actual: { status, body } });
}
