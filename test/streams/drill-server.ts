/** The server of the drill: its shards are small, and its clock can be moved. */
import { parseArgs } from "node:util";
import { startServer } from "../../src/server/start-server.ts";

const { values: options } = parseArgs({
  options: {
    port: { type: "string" },
    data: { type: "string" },
    durability: { type: "string" },
    engine: { type: "string" },
  },
});

await startServer({
  port: Number(options.port),
  dataFolder: options.data,
  engine: options.engine,
  durability: "strict",
  devClock: true,
  streamShards: 2,
  streamShardBytesMax: 40_000,
});
