import { InvariantError } from "../../base/assert.ts";
import type { ChangeLog } from "./change-log.ts";

/** The change log on an engine. */
export function openChangeLog(): ChangeLog {
  const absent = () => Promise.reject(new InvariantError("the change log is being built"));
  return {
    streams: { list: absent, find: absent },
    logs: absent,
    shards: absent,
    shard: absent,
    locate: absent,
    read: absent,
    follow: () => () => undefined,
    upkeep: { rollOver: absent, trimSome: absent },
  };
}
