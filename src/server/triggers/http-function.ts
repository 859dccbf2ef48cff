import { FunctionUnavailableError, type FunctionAnswer, type FunctionCall } from "../../base/functions.ts";
import type { Failure } from "./worker-messages.ts";

/** As long as `fetch` waits for the head of an answer; on Lambda itself a function may take three times as long. */
const remoteMsMax = 300_000;
const excerptCharacters = 1_000;
/** What gateways and the overloaded say of somebody else. */
const unavailableStatuses = new Set([429, 502, 503, 504]);

/** Calls a function by a POST of its event: any endpoint, or the `invocations` path of Lambda's own. */
export async function invokeByHttp(url: string, call: FunctionCall): Promise<FunctionAnswer> {
  const { status, text, error } = await post(url, call);
  if (unavailableStatuses.has(status)) throw new FunctionUnavailableError(`${url} answered ${status}`);
  if (status < 200 || status > 299)
    return { kind: "failed", payload: JSON.stringify(httpFailure(status, text)) };
  const payload = jsonOf(text);
  return error || isLambdaFailure(payload) ? { kind: "failed", payload } : { kind: "returned", payload };
}

async function post(url: string, { requestId, arn, payload }: FunctionCall) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-amz-invocation-type": "RequestResponse",
        "x-amzn-requestid": requestId,
        "lambda-runtime-invoked-function-arn": arn,
      },
      body: payload,
      signal: AbortSignal.timeout(remoteMsMax),
    });
    const error = response.headers.has("x-amz-function-error");
    return { status: response.status, text: await response.text(), error };
  } catch (error) {
    throw new FunctionUnavailableError(`${url} cannot be reached`, { cause: error });
  }
}

/** Text that is no JSON is answered as a string. */
function jsonOf(text: string): string {
  if (text === "") return "null";
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** Lambda's runtime emulator answers failures with 200 and no header, but in this form. */
function isLambdaFailure(payload: string): boolean {
  const answer: unknown = JSON.parse(payload);
  return typeof answer === "object" && answer !== null && "errorType" in answer && "errorMessage" in answer;
}

function httpFailure(status: number, text: string): Failure {
  return { errorType: `Http${status}`, errorMessage: text.slice(0, excerptCharacters), trace: [] };
}
