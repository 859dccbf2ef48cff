import type { Alarm } from "../../base/alarm.ts";

/** Calls `act` with a signal that tells it to give up: after so many milliseconds, or when `signal` does. */
export async function withDeadline<Result>(
  act: (signal: AbortSignal) => Promise<Result>,
  { alarm, ms, signal }: { readonly alarm: Alarm; readonly ms: number; readonly signal: AbortSignal },
): Promise<Result> {
  const deadline = new AbortController();
  const callOff = alarm(ms, () => {
    deadline.abort(new Error(`no answer within ${ms} ms`));
  });
  try {
    return await act(AbortSignal.any([signal, deadline.signal]));
  } finally {
    callOff();
  }
}
