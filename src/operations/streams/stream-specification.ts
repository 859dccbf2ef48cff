/** What requests about tables may say of their streams. */
import {
  disabledStreamWithView,
  streamNeedsView,
  streamWithoutView,
  viewWithoutStream,
} from "../../model/messages/streams.ts";
import type { StreamSpecification } from "../../model/types.generated.ts";
import type { StreamSettings } from "../../store/change-log/log-state.ts";

/** Checks what is asked of a new table. */
export function checkNewStream(specification: StreamSpecification | undefined): void {
  if (specification === undefined) return;
  const { StreamEnabled: enabled, StreamViewType: view } = specification;
  if (enabled && view === undefined) throw streamWithoutView();
  if (!enabled && view !== undefined) throw viewWithoutStream();
}

/** Checks what is asked of a table there is, as far as that does not depend on it. */
export function checkStreamChange(specification: StreamSpecification | undefined): void {
  if (specification === undefined) return;
  const { StreamEnabled: enabled, StreamViewType: view } = specification;
  if (enabled && view === undefined) throw streamNeedsView();
  if (!enabled && view !== undefined) throw disabledStreamWithView();
}

/** The stream that a checked specification asks for; undefined where it asks for none. */
export function askedStream(
  specification: StreamSpecification | undefined,
  label: string,
): StreamSettings | undefined {
  if (specification?.StreamEnabled !== true || specification.StreamViewType === undefined) return undefined;
  return { label, viewType: specification.StreamViewType };
}
