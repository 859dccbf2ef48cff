import type { FunctionAnswer, FunctionCall } from "../../base/functions.ts";
import type { EventSourceMapping } from "../../store/event-source-mapping.ts";
import { backoffMs } from "../backoff.ts";
import { failureDocument, type FailureOrigin, type GivenUp } from "./failure-document.ts";
import type { TriggerReport } from "./trigger-report.ts";
import type { TriggerTools } from "./trigger-tools.ts";

/** What all batches of a shard have in common. */
export interface DeliveryContext {
  readonly mapping: EventSourceMapping;
  readonly tools: TriggerTools;
  readonly report: TriggerReport;
  readonly origin: FailureOrigin;
  /** Aborted when the mapping is not to be served any more as it is: what is under way is let go of. */
  readonly signal: AbortSignal;
}

/** What became of one call. */
export type Call =
  | { readonly kind: "answered"; readonly requestId: string; readonly answer: FunctionAnswer }
  /** There is no such function, or nobody answers there. */
  | { readonly kind: "unavailable"; readonly cause: unknown }
  /** Nobody is to wait for the answer any more. */
  | { readonly kind: "abandoned" };

/** How long a call under way may go on once the mapping has changed or the server stops. */
const graceMs = 2_000;
const destinationTriesMax = 5;

/** Calls the function once. */
export async function callFunction(payload: string, context: DeliveryContext): Promise<Call> {
  const { mapping, tools, signal } = context;
  if (signal.aborted) return { kind: "abandoned" };
  const { name, qualifier } = mapping.settings.function;
  const requestId = tools.newId();
  const call: FunctionCall = { name, qualifier, arn: context.origin.functionArn, requestId, payload };
  try {
    const answer = await whileWanted(tools.functions.invoke(call), context);
    return answer === undefined ? { kind: "abandoned" } : { kind: "answered", requestId, answer };
  } catch (cause) {
    return { kind: "unavailable", cause };
  }
}

/** Undefined where the answer comes too late. */
async function whileWanted<Answer>(
  answer: Promise<Answer>,
  { signal, tools: { alarm } }: DeliveryContext,
): Promise<Answer | undefined> {
  const grace = new AbortController();
  const abandoned = new Promise<undefined>((resolve) => {
    const give = () => {
      const callOff = alarm(graceMs, () => {
        resolve(undefined);
      });
      grace.signal.addEventListener("abort", callOff);
    };
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { signal: grace.signal });
  });
  try {
    return await Promise.race([answer, abandoned]);
  } finally {
    grace.abort();
  }
}

/** Waits before the next try; the more tries there were, the longer. */
export async function backOff(tries: number, { tools, signal }: DeliveryContext): Promise<void> {
  if (signal.aborted) return;
  const over = new AbortController();
  await new Promise<void>((resolve) => {
    const callOff = tools.alarm(backoffMs(tries, tools.random), resolve);
    const stop = () => {
      callOff();
      resolve();
    };
    signal.addEventListener("abort", stop, { signal: over.signal });
  });
  over.abort();
}

/** Counts a batch as lost, and tells its destination where it was. */
export async function giveUp(given: Omit<GivenUp, "at">, context: DeliveryContext): Promise<void> {
  const { mapping, tools, report, origin, signal } = context;
  const { condition, records } = given;
  report.add({ givenUp: records.length });
  report.warn("trigger gives records up", { condition, records: records.length, shard: origin.shardName });
  const destination = mapping.settings.onFailure;
  if (destination === undefined) return;
  const document = failureDocument({ ...given, at: tools.clock.now() }, origin);
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await whileWanted(tools.tellFailure(destination, document, mapping.scope.region), context);
      return;
    } catch (error) {
      if (tries < destinationTriesMax) await backOff(tries, context);
      else {
        report.error("trigger could not tell of records given up", { error, destination, document });
        return;
      }
    }
  }
}
