import {
  indexesWhileThroughputUpdated,
  indexWhileTableClassUpdated,
  onlineIndexLimit,
} from "../../model/messages/index-changes.ts";
import { indexesWhileStream } from "../../model/messages/streams.ts";
import type { IndexDefinition, TableDefinition } from "../../store/table.ts";
import { streamUnderWay } from "../streams/change-stream.ts";
import { statusOf } from "./table-status.ts";

/** An index is only made or taken away while its table, and every index but `own`, is at rest. */
export function checkOnlineIndexChange(
  definition: TableDefinition,
  now: number,
  own?: IndexDefinition,
): void {
  const changes = statusOf(definition, now) === "UPDATING" ? definition.transition?.changes : undefined;
  if (changes === "throughput") throw indexesWhileThroughputUpdated(definition.name);
  if (changes === "table-class") throw indexWhileTableClassUpdated();
  if (changes === "stream") throw indexesWhileStream(streamUnderWay(definition));
  if (definition.indexes.some((index) => index !== own && index.state !== "active")) throw onlineIndexLimit();
}
