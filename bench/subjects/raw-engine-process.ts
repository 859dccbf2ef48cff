/** The process behind `raw-engine.ts`: measures the lmdb engine once and prints the round as JSON. */
import { fillEngine, measureEngine, withEngine } from "../engine.ts";

const { items, connections, measureMs } = JSON.parse(process.argv[2] ?? "") as {
  items: number;
  connections: number;
  measureMs: number;
};

await withEngine("lmdb", async (engine) => {
  await fillEngine(engine, items);
  // The first writes warm up what the server's warm-up does for it.
  await measureEngine(engine, { work: "write", items, workers: connections, measureMs: measureMs / 2 });
  const round = await measureEngine(engine, { work: "write", items, workers: connections, measureMs });
  console.log(JSON.stringify(round));
});
