import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStreamArn, regionOfArn } from "./stream-name.ts";

test("the ARN of a stream tells its name and region", () => {
  const arn = "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/my.stream_1-a";
  assert.deepEqual(parseStreamArn(arn), { arn, region: "cn-north-1", name: "my.stream_1-a" });
  assert.equal(regionOfArn(arn), "cn-north-1");
});

test("other texts are no ARNs of streams", () => {
  for (const text of [
    "not-an-arn",
    "arn:aws:dynamodb:us-east-1:123456789012:table/Music",
    "arn:aws:firehose:us-east-1:123456789012:deliverystream/music",
    "arn:aws:kinesis:us-east-1:123456789012:stream/music/consumer/a:1",
    "arn:aws:kinesis:us-east-1:1234:stream/music",
    "arn:aws:kinesis:us-east-1:123456789012:stream/",
    "arn:aws:kinesis:us-east-1:123456789012:stream/a b",
  ]) {
    assert.equal(parseStreamArn(text), undefined, text);
  }
  assert.equal(regionOfArn("not-an-arn"), undefined);
  assert.equal(regionOfArn("arn:aws:dynamodb:eu-west-1:123456789012:table/Music"), "eu-west-1");
});
