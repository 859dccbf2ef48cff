import { ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openFilledStream, type FilledStream } from "./filled-stream.ts";
import { refusalOf, validation } from "./refusals.ts";
import { createStreamTable } from "./stream-reader.ts";

let stream: FilledStream;

before(async () => {
  stream = await openFilledStream();
});

after(() => stream.close());

describe("ListStreams", () => {
  test("names the streams of a table", async () => {
    assert.deepEqual(
      (await stream.streams.send(new ListStreamsCommand({ TableName: stream.tableName }))).Streams,
      [
        {
          StreamArn: stream.arn,
          TableName: stream.tableName,
          StreamLabel: stream.arn.slice(stream.arn.lastIndexOf("/") + 1),
        },
      ],
    );
    const { Streams: none } = await stream.streams.send(
      new ListStreamsCommand({ TableName: "no-such-table" }),
    );
    assert.deepEqual(none, []);
  });

  test("names the streams of all tables, in pages", async () => {
    const names = ["a", "b", "c"].map((suffix) => `${stream.tableName}-page-${suffix}`);
    for (const name of names) await createStreamTable(stream.server.client, name);
    const listed: (string | undefined)[] = [];
    let start: string | undefined;
    do {
      const page = await stream.streams.send(
        new ListStreamsCommand({ Limit: 2, ExclusiveStartStreamArn: start }),
      );
      assert.ok((page.Streams?.length ?? 0) <= 2);
      for (const { TableName } of page.Streams ?? []) listed.push(TableName);
      start = page.LastEvaluatedStreamArn;
    } while (start !== undefined);
    assert.equal(new Set(listed).size, listed.length);
    for (const name of [stream.tableName, ...names]) assert.ok(listed.includes(name), name);
  });

  test("refuses a start that is no stream", async () => {
    const call = stream.streams.send(new ListStreamsCommand({ ExclusiveStartStreamArn: "x".repeat(40) }));
    assert.deepEqual(await refusalOf(call), validation("Invalid StreamArn"));
  });
});
