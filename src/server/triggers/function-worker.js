// Runs in the thread of a function: loads its module once and calls its handler as Lambda does. It is JavaScript and
// stands alone, so that threads need no loader but where a function's own module does. `worker-messages.ts` tells what
// it receives and sends.
import { parentPort as port, workerData } from "node:worker_threads";

/** Told that nothing is left that the invocation under way could wait for. */
let onIdle = ignore;

process.on("beforeExit", () => onIdle());
const handler = await loadHandler();
if (handler !== undefined) {
  port.on("message", (invocation) => invoke(handler, invocation));
  port.postMessage({ kind: "loaded" });
}

async function loadHandler() {
  try {
    const module = await import(workerData.module);
    // What CommonJS exports shows as a member of the default export wherever its name cannot be foreseen.
    const found = module.handler ?? module.default?.handler;
    if (typeof found === "function") return found;
    const errorMessage = "the module exports no handler";
    sendFailure({ errorType: "Runtime.HandlerNotFound", errorMessage, trace: [] });
  } catch (error) {
    sendFailure(failureOf(error, error instanceof SyntaxError ? "Runtime.UserCodeSyntaxError" : undefined));
  }
  return undefined;
}

function invoke(handle, invocation) {
  let settled = false;
  const settle = (answer) => {
    if (settled) return;
    settled = true;
    onIdle = ignore;
    port.ref();
    port.postMessage(answer);
  };
  const succeed = (result) => settle(answerOf(result));
  const fail = (error) => settle({ kind: "failed", failure: failureOf(error) });
  const callback = (error, result) => {
    if (error === undefined || error === null) succeed(result);
    else fail(error);
  };
  // From here on only the handler's own work keeps the thread going, so that its end can be seen.
  port.unref();
  try {
    const context = { ...contextOf(invocation), done: callback, succeed, fail };
    const returned = handle(JSON.parse(invocation.payload), context, callback);
    const isPromise = typeof returned?.then === "function";
    if (isPromise) returned.then(succeed, fail);
    // Without a promise only the callback answers; a handler that never calls it has nothing to say.
    onIdle = isPromise ? () => settle({ kind: "failed", failure: exited }) : () => succeed(null);
    if (settled) onIdle = ignore;
  } catch (error) {
    fail(error);
  }
}

/** What Lambda says where a promise can never be settled any more. */
const exited = {
  errorType: "Runtime.ExitError",
  errorMessage: "Runtime exited without providing a reason",
  trace: [],
};

function contextOf({ functionName, arn, requestId, timeLimitMs }) {
  const deadline = performance.now() + timeLimitMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: "128",
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "stator",
    identity: undefined,
    clientContext: undefined,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

function answerOf(result) {
  try {
    // What JSON has no word for, such as a function, is answered as nothing.
    return { kind: "returned", payload: JSON.stringify(result) ?? "null" };
  } catch (error) {
    return { kind: "failed", failure: failureOf(error, "Runtime.MarshalError") };
  }
}

function sendFailure(failure) {
  port.postMessage({ kind: "failed", failure });
}

/** Anything can be thrown. */
function failureOf(thrown, errorType) {
  if (!(thrown instanceof Error)) {
    return { errorType: errorType ?? typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  const { name, message, stack = "" } = thrown;
  return { errorType: errorType ?? name, errorMessage: message, trace: stack.split("\n") };
}

function ignore() {
  // Nobody waits.
}
