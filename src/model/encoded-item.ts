/** An item that is already JSON in wire form (UTF-8), so that an answer copies its bytes and never parses them. */
export class EncodedItem {
  readonly json: Uint8Array;

  constructor(json: Uint8Array) {
    this.json = json;
  }
}
