/** Enables and disables the stream of a table. */
import {
  noStreamToDisable,
  streamEnabledAlready,
  type StreamUnderWay,
} from "../../model/messages/streams.ts";
import type { StreamSpecification } from "../../model/types.generated.ts";
import type { TableDefinition } from "../../store/table.ts";
import type { Moment } from "../tables/moment.ts";
import { slowChange, type TableChange } from "../tables/table-change.ts";
import { laterLabel } from "./stream-label.ts";
import { askedStream } from "./stream-specification.ts";

export interface StreamChange extends Moment {
  readonly specification: StreamSpecification;
  /** Of a stream that is enabled: unlike those of all tables there were with this name. */
  readonly label: string;
}

/** Pure, because a catalog may run it again. The answer shows the new state at once, though it takes time. */
export function changeStream(before: TableDefinition, change: StreamChange): TableChange {
  const stream = askedStream(change.specification, laterLabel(change.label, before.latestStreamLabel));
  if (stream !== undefined && before.stream !== undefined) throw streamEnabledAlready(before.name);
  if (stream === undefined && before.stream === undefined) throw noStreamToDisable(before.name);
  return slowChange({ ...before, stream }, { changes: "stream", shows: {} }, change);
}

/** The stream that a table's update is about: of a table whose transition says so. */
export function streamUnderWay({ name, stream, latestStreamLabel = "" }: TableDefinition): StreamUnderWay {
  return { table: name, label: latestStreamLabel, operation: stream === undefined ? "DISABLE" : "ENABLE" };
}
