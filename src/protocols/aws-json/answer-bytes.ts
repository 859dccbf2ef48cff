import { bufferOf } from "../../base/bytes.ts";
import type { EncodedItem } from "../../model/encoded-item.ts";

/** The bytes of an answer, gathered from texts and stored bytes and copied together once, at the end. */
export class AnswerBytes {
  readonly #parts: (string | EncodedItem)[] = [];
  #text = "";
  #length = 0;

  text(text: string): void {
    this.#text += text;
  }

  item(item: EncodedItem): void {
    this.#flush();
    this.#parts.push(item);
    this.#length += item.bytes.length - item.start;
  }

  toBuffer(): Buffer {
    if (this.#parts.length === 0) return Buffer.from(this.#text);
    this.#flush();
    const whole = Buffer.allocUnsafe(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      if (typeof part !== "string") {
        offset += bufferOf(part.bytes).copy(whole, offset, part.start);
      } else if (part === ",") {
        whole[offset] = 0x2c;
        offset += 1;
      } else offset += whole.write(part, offset);
    }
    return whole;
  }

  #flush(): void {
    if (this.#text === "") return;
    this.#parts.push(this.#text);
    this.#length += this.#text === "," ? 1 : Buffer.byteLength(this.#text);
    this.#text = "";
  }
}
