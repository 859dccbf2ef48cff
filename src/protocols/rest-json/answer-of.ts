import type { LambdaOperationName } from "../../model/lambda/types.ts";
import type { LambdaOutput } from "../../operations/lambda/lambda-dispatch.ts";
import type { Answer } from "../aws-json/answer.ts";

const contentType = "application/json";

/** Operations whose change goes on after the answer. */
const accepted: ReadonlySet<LambdaOperationName> = new Set<LambdaOperationName>([
  "CreateEventSourceMapping",
  "DeleteEventSourceMapping",
  "UpdateEventSourceMapping",
]);

/** Operations that answer nothing. */
const silent: ReadonlySet<LambdaOperationName> = new Set<LambdaOperationName>([
  "TagResource",
  "UntagResource",
]);
const noContent: Answer = { status: 204, contentType: "", body: Buffer.alloc(0) };

/** What an operation answers, as restJson1 sends it: all in the body, but for calls of functions. */
export function answerOf(operation: LambdaOperationName, output: LambdaOutput): Answer {
  if (silent.has(operation)) return noContent;
  if ("Payload" in output) return invocationAnswer(output);
  const body = Buffer.from(JSON.stringify(output));
  return { status: accepted.has(operation) ? 202 : 200, contentType, body };
}

function invocationAnswer({
  Payload,
  ExecutedVersion,
  FunctionError,
}: Extract<LambdaOutput, { readonly Payload: string }>): Answer {
  // Nothing was executed: the call only asked whether it might be.
  if (ExecutedVersion === undefined) return noContent;
  const headers = ["X-Amz-Executed-Version", ExecutedVersion];
  if (FunctionError !== undefined) headers.push("X-Amz-Function-Error", FunctionError);
  return { status: 200, contentType, body: Buffer.from(Payload), headers };
}
