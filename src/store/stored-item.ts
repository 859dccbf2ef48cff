import { textOf } from "../base/bytes.ts";
import type { Item } from "../model/attribute-value.ts";
import { EncodedItem } from "../model/encoded-item.ts";
import { itemHeaderBytes, sizeInHeader } from "./item-header.ts";

/** An item as it is stored: its bytes are in wire form, and are parsed only when somebody asks. */
export class StoredItem extends EncodedItem {
  /** By the service's size rules, in bytes. */
  readonly sizeBytes: number;
  #item: Item | undefined;

  /** `value` is what the engine keeps; `item` what it says, where that is known. */
  constructor(value: Uint8Array, item?: Item) {
    super(value, itemHeaderBytes);
    this.sizeBytes = sizeInHeader(value);
    this.#item = item;
  }

  /** The attributes. Read them with `attributeOf`. */
  get item(): Item {
    this.#item ??= JSON.parse(textOf(this.bytes, this.start)) as Item;
    return this.#item;
  }
}
