/**
 * An item that is already JSON in wire form (UTF-8), so that an answer copies its bytes and never parses them. The
 * JSON is the rest of `bytes` from `start` on: views of parts cost more than most of what is done with them.
 */
export class EncodedItem {
  readonly bytes: Uint8Array;
  readonly start: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = bytes;
    this.start = start;
  }
}
