/** The life of a stream, read off its table's definition and the clock. */
import type { StreamDescription } from "../../model/types.generated.ts";
import type { Stream } from "../../store/change-log/change-log.ts";
import type { Context } from "../operation.ts";
import { statusOf } from "../tables/table-status.ts";

type StreamStatus = NonNullable<StreamDescription["StreamStatus"]>;

export async function streamStatusOf({ store, clock }: Context, stream: Stream): Promise<StreamStatus> {
  const settled = stream.disabledAt === undefined ? "ENABLED" : "DISABLED";
  const table = await store.tables.find(stream.scope, stream.tableName);
  // A table that was made anew has streams of its own, and so has one whose last stream is another one.
  if (table?.id !== stream.tableId || table.definition.latestStreamLabel !== stream.label) return settled;
  const status = statusOf(table.definition, clock.now());
  const isEnabled = stream.disabledAt === undefined;
  switch (status) {
    case "CREATING":
      return isEnabled ? "ENABLING" : "DISABLING";
    case "UPDATING":
      if (table.definition.transition?.changes !== "stream") return settled;
      return isEnabled ? "ENABLING" : "DISABLING";
    case "DELETING":
      return isEnabled ? "DISABLING" : "DISABLED";
    case "GONE":
      return "DISABLED";
    case "ACTIVE":
      return settled;
  }
}
