/**
 * Reads a few attributes out of stored bytes and skips the rest. A filter looks at two attributes of an item with
 * twenty: parsing all of them takes several times as long and leaves the garbage collector with what nobody looked at.
 */
import { bufferOf } from "../base/bytes.ts";
import { emptyItem, type AttributeValue, type Item } from "../model/attribute-value.ts";
import type { StoredItem } from "./stored-item.ts";

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

interface Wanted {
  readonly name: string;
  /** The name with its quotes, as it stands in the JSON of an item. */
  readonly token: Buffer;
}

export class AttributePicker {
  readonly #wanted: readonly Wanted[];

  constructor(names: readonly string[]) {
    this.#wanted = [...new Set(names)].map((name) => ({ name, token: Buffer.from(JSON.stringify(name)) }));
  }

  /** The item with none but the wanted attributes. Relies on stored JSON having no white space. */
  pick({ bytes, start }: StoredItem): Item {
    const picked = emptyItem();
    let missing = this.#wanted.length;
    let position = start + 1;
    while (missing > 0 && bytes[position] === quote) {
      const valueStart = endOfString(bytes, position) + 1;
      const valueEnd = endOfValue(bytes, valueStart);
      const name = this.#nameAt(bytes, position, valueStart - 1);
      if (name !== undefined) {
        picked[name] = JSON.parse(bufferOf(bytes).toString("utf8", valueStart, valueEnd)) as AttributeValue;
        missing -= 1;
      }
      position = valueEnd + 1;
    }
    return picked;
  }

  #nameAt(bytes: Uint8Array, start: number, end: number): string | undefined {
    for (const { name, token } of this.#wanted) {
      if (token.length === end - start && standsAt(bytes, start, token)) return name;
    }
    return undefined;
  }
}

function standsAt(bytes: Uint8Array, start: number, token: Uint8Array): boolean {
  for (let index = 0; index < token.length; index += 1) {
    if (bytes[start + index] !== token[index]) return false;
  }
  return true;
}

/** The position behind the string that starts at `start`. */
function endOfString(bytes: Uint8Array, start: number): number {
  let position = start + 1;
  while (position < bytes.length && bytes[position] !== quote) {
    position += bytes[position] === backslash ? 2 : 1;
  }
  return position + 1;
}

/** The position behind the object that starts at `start`. */
function endOfValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let position = start;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === quote) {
      position = endOfString(bytes, position);
      continue;
    }
    position += 1;
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth === 0) return position;
    }
  }
  return position;
}
