import { streamRetentionMs } from "../../store/change-log/change-log.ts";
import { recordsDone, stateOf } from "./batch-answer.ts";
import type { DeliveredRecord } from "./delivered-record.ts";
import { backOff, callFunction, giveUp, type Call, type DeliveryContext } from "./delivery.ts";
import type { FailureCondition } from "./failure-document.ts";

/** A batch, or what is left of one. */
interface Part {
  readonly records: readonly DeliveredRecord[];
  readonly failures: number;
  readonly lastCall: LastCall;
}

interface LastCall {
  readonly requestId: string;
  readonly isFunctionError: boolean;
}

export interface BatchTask {
  readonly records: readonly DeliveredRecord[];
  /** The event that holds these records. */
  readonly eventOf: (records: readonly DeliveredRecord[]) => string;
  /** Told of each record that is done: delivered, or given up. */
  readonly onDone: (record: DeliveredRecord, state: string | undefined) => void;
  /** Whether the function keeps a state from call to call. */
  readonly keepsState: boolean;
}

/**
 * Delivers a batch to its end: what fails is tried again, in smaller parts where the mapping says so, until it succeeds
 * or is given up. Ends early when the mapping is not to be served any more.
 */
export async function deliverBatch(task: BatchTask, context: DeliveryContext): Promise<void> {
  const none: LastCall = { requestId: context.tools.newId(), isFunctionError: false };
  // What comes first is last, to be taken from the end.
  const parts: Part[] = [{ records: task.records, failures: 0, lastCall: none }];
  let unavailable = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const fresh = await withoutAged(part, task, context);
    if (context.signal.aborted) return;
    if (fresh.records.length === 0) continue;
    const call = await callFunction(task.eventOf(fresh.records), context);
    if (call.kind === "abandoned") return;
    if (call.kind === "unavailable") {
      await tellResult(false, context);
      context.report.warn("function unavailable", { error: call.cause });
      parts.push(fresh);
      unavailable += 1;
      await backOff(unavailable, context);
      continue;
    }
    unavailable = 0;
    parts.push(...(await partsLeft(fresh, call, { task, context })));
  }
}

/** What is still to be delivered after a call, the first last. */
async function partsLeft(
  { records, failures: before }: Part,
  { requestId, answer }: Extract<Call, { kind: "answered" }>,
  { task, context }: { readonly task: BatchTask; readonly context: DeliveryContext },
): Promise<readonly Part[]> {
  const { settings } = context.mapping;
  const done = recordsDone(answer, records, settings.reportsItemFailures);
  const state = task.keepsState && answer.kind === "returned" && done > 0 ? stateOf(answer) : undefined;
  count(records, { done, isError: answer.kind === "failed" }, context);
  for (const record of records.slice(0, done)) task.onDone(record, state);
  await tellResult(done === records.length, context);
  if (done === records.length) return [];
  const lastCall: LastCall = { requestId, isFunctionError: answer.kind === "failed" };
  if (answer.kind === "failed") {
    context.report.warn("function failed", {
      requestId,
      failure: answer.payload.slice(0, failureCharacters),
    });
  }
  // Where the function came further than before, what is left counts as a batch of its own.
  if (done > 0) return [{ records: records.slice(done), failures: 0, lastCall }];
  if (settings.bisectsBatches && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(middle), records.slice(0, middle)];
    return halves.map((half) => ({ records: half, failures: 0, lastCall }));
  }
  const failures = before + 1;
  const left: Part = { records, failures, lastCall };
  if (failures > (settings.retriesMax ?? Number.POSITIVE_INFINITY)) {
    await giveUpPart(left, "RetryAttemptsExhausted", { task, context });
    return [];
  }
  await backOff(failures, context);
  return [left];
}

const failureCharacters = 2_000;

/** Gives up what has become too old, and answers the rest. */
async function withoutAged(part: Part, task: BatchTask, context: DeliveryContext): Promise<Part> {
  const { mapping, tools } = context;
  const ageMsMax = (mapping.settings.recordAgeSecondsMax ?? Number.POSITIVE_INFINITY) * 1_000;
  const oldest = tools.clock.now() - Math.min(ageMsMax, streamRetentionMs);
  const firstFresh = part.records.findIndex(({ writtenAt }) => writtenAt >= oldest);
  const aged = firstFresh < 0 ? part.records : part.records.slice(0, firstFresh);
  if (aged.length === 0) return part;
  await giveUpPart({ ...part, records: aged }, "RecordAgeExceeded", { task, context });
  return { ...part, records: part.records.slice(aged.length) };
}

async function giveUpPart(
  { records, failures, lastCall }: Part,
  condition: FailureCondition,
  { task, context }: { readonly task: BatchTask; readonly context: DeliveryContext },
): Promise<void> {
  const [first, ...others] = records;
  if (first === undefined) return;
  await giveUp({ condition, records: [first, ...others], invocations: failures, ...lastCall }, context);
  // Whoever stops meanwhile tells of it again.
  if (context.signal.aborted) return;
  for (const record of records) task.onDone(record, undefined);
}

function count(
  records: readonly DeliveredRecord[],
  { done, isError }: { readonly done: number; readonly isError: boolean },
  { report, tools }: DeliveryContext,
): void {
  report.add({
    invocations: 1,
    errors: isError ? 1 : 0,
    records: done,
    iteratorAgeMs: tools.clock.now() - (records.at(-1)?.writtenAt ?? tools.clock.now()),
  });
}

/** What the mapping shows as its last result. */
export async function tellResult(isGood: boolean, { mapping, tools }: DeliveryContext): Promise<void> {
  const { eventSourceMappings } = tools.store;
  const result = isGood ? "OK" : "PROBLEM: Function call failed";
  if ((await eventSourceMappings.result(mapping)) === result) return;
  await eventSourceMappings.setResult(mapping, result);
}
