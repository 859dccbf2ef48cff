import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
  type DynamoDBStreamsClient,
  type Shard,
} from "@aws-sdk/client-dynamodb-streams";

/** How far a follower has come in one shard. */
interface Progress {
  readonly shard: Shard;
  /** Where to go on; absent where that is to be asked for again. */
  iterator: string | undefined;
  lastSequenceNumber: string | undefined;
  ended: boolean;
}

/**
 * Reads a stream as consumers do: every shard from its beginning, and children once their parents are read to the end.
 * It can be cut off at any request, and goes on from the last records it has got.
 */
export class Follower {
  readonly records: _Record[] = [];
  readonly #arn: string;
  readonly #random: () => number;
  readonly #shards = new Map<string, Progress>();

  constructor(arn: string, random: () => number) {
    this.#arn = arn;
    this.#random = random;
  }

  get shards(): number {
    return this.#shards.size;
  }

  /** Those that took over from another shard together with a sibling. */
  get splits(): number {
    const parents = [...this.#shards.values()].map(({ shard }) => shard.ParentShardId);
    return parents.filter((parent, at) => parent !== undefined && parents.indexOf(parent) < at).length;
  }

  /** Reads on a little in every shard that may be read; answers whether there was anything new. */
  async round(client: DynamoDBStreamsClient): Promise<boolean> {
    let news = await this.#discover(client);
    for (const progress of this.#shards.values()) {
      if (progress.ended || !this.#isParentRead(progress.shard)) continue;
      if (await this.#readOn(client, progress)) news = true;
    }
    return news;
  }

  async #discover(client: DynamoDBStreamsClient): Promise<boolean> {
    const known = this.#shards.size;
    let start: string | undefined;
    do {
      const { StreamDescription: page } = await client.send(
        new DescribeStreamCommand({ StreamArn: this.#arn, Limit: 7, ExclusiveStartShardId: start }),
      );
      for (const shard of page?.Shards ?? []) {
        const id = shard.ShardId ?? "";
        if (this.#shards.has(id)) continue;
        this.#shards.set(id, { shard, iterator: undefined, lastSequenceNumber: undefined, ended: false });
      }
      start = page?.LastEvaluatedShardId;
    } while (start !== undefined);
    return this.#shards.size > known;
  }

  #isParentRead({ ParentShardId: parent }: Shard): boolean {
    return parent === undefined || this.#shards.get(parent)?.ended !== false;
  }

  async #readOn(client: DynamoDBStreamsClient, progress: Progress): Promise<boolean> {
    // Iterators outlive servers; now and then the follower starts from a sequence number all the same.
    if (this.#random() < 0.1) progress.iterator = undefined;
    progress.iterator ??= await this.#iteratorFor(client, progress);
    const page = await this.#page(client, progress);
    if (page === undefined) return true;
    this.records.push(...page.records);
    progress.lastSequenceNumber =
      page.records.at(-1)?.dynamodb?.SequenceNumber ?? progress.lastSequenceNumber;
    progress.iterator = page.next;
    progress.ended = page.next === undefined;
    return progress.ended || page.records.length > 0;
  }

  /** Undefined where the iterator was too old. */
  async #page(client: DynamoDBStreamsClient, progress: Progress) {
    try {
      const Limit = 1 + Math.floor(this.#random() * 200);
      const { Records: records = [], NextShardIterator: next } = await client.send(
        new GetRecordsCommand({ ShardIterator: progress.iterator, Limit }),
      );
      return { records, next };
    } catch (error) {
      if (!(error instanceof ExpiredIteratorException)) throw error;
      progress.iterator = undefined;
      return undefined;
    }
  }

  async #iteratorFor(
    client: DynamoDBStreamsClient,
    { shard, lastSequenceNumber }: Progress,
  ): Promise<string | undefined> {
    const { ShardIterator: iterator } = await client.send(
      new GetShardIteratorCommand({
        StreamArn: this.#arn,
        ShardId: shard.ShardId,
        ShardIteratorType: lastSequenceNumber === undefined ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER",
        SequenceNumber: lastSequenceNumber,
      }),
    );
    return iterator;
  }
}

/** Lets the follower read on until there is nothing more. */
export async function readToEnd(follower: Follower, streams: DynamoDBStreamsClient): Promise<void> {
  // Twice nothing, because a shard that has just ended lets its children be read.
  let quiet = 0;
  while (quiet < 2) quiet = (await follower.round(streams)) ? 0 : quiet + 1;
}
