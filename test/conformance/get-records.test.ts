import { GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  itemOf,
  numbersFrom,
  openFilledStream,
  putItem,
  recordsInStream,
  type FilledStream,
} from "./filled-stream.ts";
import { refusalOf, validation } from "./refusals.ts";
import { createStreamTable, iteratorAt, read, shardsOf } from "./stream-reader.ts";

let stream: FilledStream;

before(async () => {
  stream = await openFilledStream();
});

after(() => stream.close());

describe("A shard is read", () => {
  test("from its oldest record", () => {
    assert.equal(stream.numbers.length, recordsInStream);
    assert.deepEqual(stream.numbers, stream.numbers.toSorted());
    assert.equal(new Set(stream.numbers).size, recordsInStream);
  });

  test("at and after a sequence number", async () => {
    const sequenceNumber = stream.numbers[7];
    const at = await iteratorAt(stream.streams, {
      ...stream.place,
      type: "AT_SEQUENCE_NUMBER",
      sequenceNumber,
    });
    assert.deepEqual(await numbersFrom(stream.streams, at), stream.numbers.slice(7));
    const behind = await iteratorAt(stream.streams, {
      ...stream.place,
      type: "AFTER_SEQUENCE_NUMBER",
      sequenceNumber,
    });
    assert.deepEqual(await numbersFrom(stream.streams, behind), stream.numbers.slice(8));
  });

  test("from where it starts", async () => {
    const sequenceNumber = stream.place.shard?.SequenceNumberRange?.StartingSequenceNumber;
    const start = await iteratorAt(stream.streams, {
      ...stream.place,
      type: "AT_SEQUENCE_NUMBER",
      sequenceNumber,
    });
    assert.deepEqual(await numbersFrom(stream.streams, start), stream.numbers);
  });

  test("in pages, to an end that is none while the shard is open", async () => {
    const pages: (readonly string[])[] = [];
    let iterator: string | undefined = await iteratorAt(stream.streams, stream.place);
    while (pages.at(-1)?.length !== 0) {
      const { records: some, next } = await read(stream.streams, iterator, 25);
      pages.push(some.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? ""));
      assert.ok(next);
      iterator = next;
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [25, 25, 10, 0],
    );
    assert.deepEqual(pages.flat(), stream.numbers);
  });

  test("from its end on", async () => {
    const ownArn = await createStreamTable(stream.server.client, `${stream.tableName}-latest`);
    const put = (sk: number) => putItem(stream, `${stream.tableName}-latest`, itemOf(sk));
    await put(1);
    const [shard] = await shardsOf(stream.streams, ownArn);
    const latest = await iteratorAt(stream.streams, { arn: ownArn, shard, type: "LATEST" });
    const { records: none, next } = await read(stream.streams, latest);
    assert.deepEqual(none, []);
    await put(2);
    assert.ok(next);
    for (const iterator of [latest, next]) {
      const { records: some } = await read(stream.streams, iterator);
      assert.deepEqual(
        some.map(({ dynamodb }) => dynamodb?.Keys?.["sk"]),
        [{ N: "2" }],
      );
    }
  });

  test("with an iterator that names its stream and may be used again", async () => {
    const iterator = await iteratorAt(stream.streams, stream.place);
    assert.match(iterator, /^arn:aws:dynamodb:[^|]*\|1\|[A-Za-z0-9+/]+=*$/);
    assert.ok(iterator.startsWith(`${stream.arn}|`));
    assert.deepEqual(
      await numbersFrom(stream.streams, iterator, 5),
      await numbersFrom(stream.streams, iterator, 5),
    );
  });

  test("a megabyte at a time", async () => {
    const name = `${stream.tableName}-large`;
    const ownArn = await createStreamTable(stream.server.client, name);
    for (let sk = 0; sk < 5; sk += 1) {
      const Item = { ...itemOf(sk), text: { S: "x".repeat(300_000) } };
      await putItem(stream, name, Item);
    }
    const [shard] = await shardsOf(stream.streams, ownArn);
    const first = await read(stream.streams, await iteratorAt(stream.streams, { arn: ownArn, shard }));
    assert.equal(first.records.length, 3);
    const second = await read(stream.streams, first.next ?? "");
    assert.equal(second.records.length, 2);
  });
});

describe("GetRecords refuses", () => {
  const damaged = (iterator: string) => {
    const [ofArn = "", version = "", token = ""] = iterator.split("|");
    const text = Buffer.from(token, "base64").toString();
    const other = (change: (text: string) => string) => Buffer.from(change(text)).toString("base64");
    return [
      "iterator",
      `${ofArn}|${version}`,
      `${ofArn}|2|${token}`,
      `${ofArn}|${version}|${token}|`,
      `${ofArn}|${version}|`,
      `${ofArn}|${version}|${token.slice(4)}`,
      `${ofArn}x|${version}|${token}`,
      `${ofArn}|${version}|${other((place) => place.replace(/^\d+/, (id) => String(Number(id) + 1)))}`,
      `${ofArn}|${version}|${other((place) => `-${place}`)}`,
      `${ofArn}|${version}|${other((place) => `${place},`)}`,
      `||`,
      "|".repeat(2000),
    ];
  };

  test("iterators that it never gave", async () => {
    for (const iterator of damaged(await iteratorAt(stream.streams, stream.place))) {
      const refusal = await refusalOf(
        stream.streams.send(new GetRecordsCommand({ ShardIterator: iterator })),
      );
      assert.deepEqual(refusal, validation("Invalid ShardIterator"), iterator);
    }
  });

  const limits: readonly [limit: number, message: string][] = [
    [
      0,
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      1001,
      "Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
  ];
  for (const [limit, message] of limits) {
    test(`${limit} records`, async () => {
      const call = read(stream.streams, await iteratorAt(stream.streams, stream.place), limit);
      assert.deepEqual(await refusalOf(call), validation(`1 validation error detected: ${message}`));
    });
  }
});
