/** The shortest write: one item, put or deleted whatever it is now, in a table from which nothing is derived. */
import type { Engine } from "../engine/engine.ts";
import type { PlannedWrites } from "./apply-writes.ts";
import { decodeItem } from "./item-codec.ts";
import { sizeInHeaderAt } from "./item-header.ts";
import { statisticsKey } from "./keyspace.ts";
import { tablePart } from "./statistics.ts";
import { encodeStamp, StaleTableError } from "./table-stamp.ts";
import type { Outcome } from "./write.ts";

/** Undefined for writes that must look at the item first, or at anything else. */
export function exchangeFor({
  writes,
  stamps,
  maintainers,
}: PlannedWrites): ((engine: Engine) => Promise<Outcome>) | undefined {
  const [planned] = writes;
  const [stamp] = stamps;
  if (planned === undefined || stamp === undefined || writes.length > 1 || maintainers.length > 0) {
    return undefined;
  }
  const { write, key, put } = planned;
  const { table, change, allows } = write;
  if (allows !== undefined || (change.kind !== "put" && change.kind !== "delete")) return undefined;
  return async (engine) => {
    const exchanged = await engine.exchange({
      key,
      value: put?.bytes,
      guard: { key: stamp, value: encodeStamp(table.version) },
      tally: { key: statisticsKey(table.id), part: tablePart, sizeAt: sizeInHeaderAt },
    });
    if (exchanged.kind === "refused") throw new StaleTableError();
    const { before } = exchanged;
    return { kind: "written", before: before && decodeItem(before), after: put, indexes: [] };
  };
}
