/** The rules of time to live: what may be changed when, and what descriptions show. Pure. */
import {
  expiryAlreadyDisabled,
  expiryAlreadyEnabled,
  expiryByAnotherAttribute,
  expiryChangedTooOften,
} from "../../model/messages/expiry.ts";
import type { TimeToLiveDescription, TimeToLiveSpecification } from "../../model/types.generated.ts";
import type { ExpiryState } from "../../store/expiry/expiry-state.ts";
import type { Moment } from "../tables/moment.ts";

/** One change an hour. */
const changeIntervalMs = 60 * 60_000;

/** What a request makes of the state of a table; what it asks for is looked at before how soon it comes. */
export function changeTimeToLive(
  state: ExpiryState | undefined,
  { AttributeName: attribute, Enabled: enabled }: TimeToLiveSpecification,
  { now, delayMs }: Moment,
): ExpiryState {
  if (state?.enabled === true) {
    if (state.attribute !== attribute) throw expiryByAnotherAttribute(state.attribute);
    if (enabled) throw expiryAlreadyEnabled();
  } else if (!enabled) throw expiryAlreadyDisabled();
  if (state !== undefined && now < state.changedAt + changeIntervalMs) throw expiryChangedTooOften();
  const lastQueueId = state?.queueId ?? 0;
  return {
    attribute,
    enabled,
    queueId: enabled ? lastQueueId + 1 : lastQueueId,
    changedAt: now,
    changingUntil: delayMs === 0 ? undefined : now + delayMs,
  };
}

/** A table that had time to live once looks like one that never had. */
export function describeTimeToLive(state: ExpiryState | undefined, now: number): TimeToLiveDescription {
  const isChanging = now < (state?.changingUntil ?? 0);
  if (state === undefined || (!state.enabled && !isChanging)) return { TimeToLiveStatus: "DISABLED" };
  return { AttributeName: state.attribute, TimeToLiveStatus: statusOf(state.enabled, isChanging) };
}

function statusOf(enabled: boolean, isChanging: boolean) {
  if (enabled) return isChanging ? "ENABLING" : "ENABLED";
  return "DISABLING";
}
