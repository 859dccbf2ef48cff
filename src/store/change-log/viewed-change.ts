import { hash } from "node:crypto";
import type { Item } from "../../model/attribute-value.ts";
import { itemSize } from "../../values/size.ts";
import { AttributePicker } from "../attribute-picker.ts";
import { tableKeyAttributes } from "../key-attributes.ts";
import type { StoredItem } from "../stored-item.ts";
import type { ChangeRecord, ShardRef, Stream } from "./change-log.ts";
import type { StreamSettings } from "./log-state.ts";
import { imagesOfStream } from "./log-work.ts";

/** A change as the readers of a stream see it: with the images of its view and no others. */
export interface ViewedChange extends Pick<ChangeRecord, "sequence" | "kind" | "origin" | "writtenAt"> {
  /** 32 hexadecimal digits that this record alone has, however often it is read. */
  readonly eventId: string;
  readonly region: string;
  readonly viewType: StreamSettings["viewType"];
  readonly keys: Item;
  readonly oldImage: StoredItem | undefined;
  readonly newImage: StoredItem | undefined;
  /** The sizes of key and images, by the service's rules. */
  readonly sizeBytes: number;
}

/** The records of a shard as they are seen through the stream that the shard belongs to. */
export function viewChanges(
  stream: Stream,
  shard: ShardRef,
  records: readonly ChangeRecord[],
): readonly ViewedChange[] {
  const shows = imagesOfStream(stream);
  const picker = new AttributePicker(tableKeyAttributes(stream.keySchema).map(({ name }) => name));
  return records.map((record) => {
    const { sequence, kind, origin, writtenAt } = record;
    const keys = picker.pick(record.key);
    const oldImage = shows.before ? record.before : undefined;
    const newImage = shows.after ? record.after : undefined;
    return {
      ...{ sequence, kind, origin, writtenAt, keys, oldImage, newImage },
      eventId: eventIdOf(stream, shard, sequence),
      region: stream.scope.region,
      viewType: stream.viewType,
      sizeBytes: itemSize(keys) + (oldImage?.sizeBytes ?? 0) + (newImage?.sizeBytes ?? 0),
    };
  });
}

const eventIdLength = 32;

function eventIdOf({ scope, tableName, label }: Stream, { shardId }: ShardRef, sequence: number): string {
  const name = [scope.accountId, scope.region, tableName, label, shardId, sequence].join("/");
  return hash("sha256", name).slice(0, eventIdLength);
}
