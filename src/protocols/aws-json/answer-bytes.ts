/** The bytes of an answer, gathered from texts and stored bytes and copied together once, at the end. */
export class AnswerBytes {
  readonly #parts: (string | Uint8Array)[] = [];
  #text = "";
  #length = 0;

  text(text: string): void {
    this.#text += text;
  }

  raw(bytes: Uint8Array): void {
    this.#flush();
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  toBuffer(): Buffer {
    if (this.#parts.length === 0) return Buffer.from(this.#text);
    this.#flush();
    const whole = Buffer.allocUnsafe(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      if (typeof part !== "string") {
        whole.set(part, offset);
        offset += part.length;
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
