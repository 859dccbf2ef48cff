import { isUtf8 } from "node:buffer";
import {
  functionNotFound,
  payloadTooLarge,
  unreadableContent,
  unsupportedInvocation,
} from "../../model/messages/functions.ts";
import { checkFunctionReference, checkOwnFunction, functionArn } from "./function-reference.ts";
import { defineLambdaOperation } from "./operation.ts";

/** The service takes no larger event. */
const payloadBytesMax = 6 * 1024 * 1024;
/** There is but one version of everything. */
const executedVersion = "$LATEST";

/** Calls a function and waits for its answer. */
export const invoke = defineLambdaOperation({
  name: "Invoke",
  effect: "write",

  prepare({ FunctionName, Qualifier, InvocationType = "RequestResponse" }) {
    if (InvocationType === "Event") throw unsupportedInvocation(InvocationType);
    const { qualifier = Qualifier, ...reference } = checkFunctionReference(FunctionName);
    return { function: { ...reference, qualifier }, isDryRun: InvocationType === "DryRun" };
  },

  async execute({ function: reference, isDryRun }, { caller, functions, requestId, payload }) {
    const called = checkOwnFunction(reference, caller);
    const arn = functionArn(caller, called);
    if (!functions.has(called.name)) throw functionNotFound(arn);
    if (isDryRun) return { Payload: "" };
    const { name, qualifier } = called;
    const answer = await functions.invoke({
      name,
      qualifier,
      arn,
      requestId,
      payload: checkPayload(payload),
    });
    return {
      Payload: answer.payload,
      ExecutedVersion: executedVersion,
      ...(answer.kind === "failed" && { FunctionError: "Unhandled" }),
    };
  },
});

/** The event as text. Nothing sent stands for an empty one. */
function checkPayload(payload: Uint8Array): string {
  if (payload.length === 0) return "{}";
  if (payload.length > payloadBytesMax) throw payloadTooLarge(payload.length, payloadBytesMax);
  const text = isUtf8(payload) ? Buffer.from(payload).toString() : "";
  try {
    JSON.parse(text);
  } catch {
    throw unreadableContent();
  }
  return text;
}
