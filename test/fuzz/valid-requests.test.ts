import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startServer } from "../../src/server/start-server.ts";
import { Client } from "../oracle/client.ts";
import { handmade } from "./valid-requests.ts";

void describe("the requests that fuzzing starts from", () => {
  void test("are taken by the server as they are", async () => {
    const server = await startServer();
    const client = new Client(server.endpoint);
    try {
      const refused: unknown[] = [];
      for (const { operation, members } of handmade) {
        const { status, output } = await client.call(operation, members);
        if (status !== 200) refused.push([operation, output.message]);
      }
      assert.deepEqual(refused, [
        ["DeleteTable", "Requested resource not found: Table: no-such-table not found"],
        // These two come before the stream is found to be elsewhere, or after.
        [
          "UpdateKinesisStreamingDestination",
          "Table is not in a valid state to enable Kinesis Streaming Destination: Kinesis streaming is not in ACTIVE " +
            "state. Updates are only allowed in ACTIVE state. TableName: fuzz, " +
            "kdsArn: arn:aws:kinesis:eu-west-1:000000000000:stream/fuzz",
        ],
        [
          "DisableKinesisStreamingDestination",
          "Table is not in a valid state to enable Kinesis Streaming Destination: " +
            "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.",
        ],
        // Its item is there by then.
        ["PutItem", "The conditional request failed"],
      ]);
    } finally {
      client.close();
      await server.close();
    }
  });
});
