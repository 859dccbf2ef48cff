/** The server of the drill: its shards are small, and its clock can be moved. */
import assert from "node:assert/strict";
import { readCommandLine } from "../../src/server/command-line.ts";
import { startServer } from "../../src/server/start-server.ts";

const command = readCommandLine(process.argv.slice(2), {});
assert.equal(command.kind, "start");

await startServer({
  ...command.configuration,
  devClock: true,
  streamShards: 2,
  streamShardBytesMax: 40_000,
});
