import type { DynamoDBStreamsClient, _Record } from "@aws-sdk/client-dynamodb-streams";
import { readToEnd, type Follower } from "../streams/follower.ts";

/** Follows a stream and keeps of its records what they tell, which is much less. */
export class Listener<Told> {
  readonly told: Told[] = [];
  readonly #follower: Follower;
  readonly #toldBy: (record: _Record) => Told;
  readonly #ids = new Set<string | undefined>();
  readonly #repeated: string[] = [];

  constructor(follower: Follower, toldBy: (record: _Record) => Told) {
    this.#follower = follower;
    this.#toldBy = toldBy;
  }

  /** The ids of records that came more than once. */
  get repeated(): readonly string[] {
    return this.#repeated;
  }

  /** Reads a page of every shard. What it has got of them stays when it fails. */
  async round(streams: DynamoDBStreamsClient): Promise<void> {
    try {
      await this.#follower.round(streams);
    } finally {
      this.#take();
    }
  }

  async readToEnd(streams: DynamoDBStreamsClient): Promise<void> {
    await readToEnd(this.#follower, streams);
    this.#take();
  }

  #take(): void {
    for (const record of this.#follower.records.splice(0)) {
      const { eventID } = record;
      if (this.#ids.has(eventID)) this.#repeated.push(`record ${String(eventID)} came twice`);
      this.#ids.add(eventID);
      this.told.push(this.#toldBy(record));
    }
  }
}
