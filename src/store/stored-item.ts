import { EncodedItem } from "../model/encoded-item.ts";
import type { Item } from "../model/attribute-value.ts";

/** An item as it is stored: its bytes are in wire form, and are parsed only when somebody asks. */
export class StoredItem extends EncodedItem {
  /** By the service's size rules, in bytes. */
  readonly sizeBytes: number;
  /** Milliseconds since the epoch at which the item was written. */
  readonly writtenAt: number;
  #item: Item | undefined;

  constructor(json: Uint8Array, sizeBytes: number, writtenAt: number, item?: Item) {
    super(json);
    this.sizeBytes = sizeBytes;
    this.writtenAt = writtenAt;
    this.#item = item;
  }

  /** The attributes. Read them with `attributeOf`. */
  get item(): Item {
    this.#item ??= JSON.parse(
      Buffer.from(this.json.buffer, this.json.byteOffset, this.json.byteLength).toString(),
    ) as Item;
    return this.#item;
  }
}
