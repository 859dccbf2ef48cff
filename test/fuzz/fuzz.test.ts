import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { launch, waitUntilHealthy } from "../server-process.ts";
import { emptyServer, fuzz, heapMb, heapReporting } from "./fuzz.ts";

/** `FUZZ_SEED=…` repeats a run; `npm run drill:fuzz` runs longer. */
const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const stretchMs = 3000;
const growthMbMax = 12;

void describe("a server that gets mutated requests", () => {
  void test(`refuses them, goes on, and keeps no memory of them (seed ${String(seed)})`, async () => {
    const server = await launch("sources", ["--in-memory"], heapReporting);
    try {
      await waitUntilHealthy(server);
      const heaps: number[] = [];
      let from = 0;
      for (let stretch = 0; stretch < 3; stretch++) {
        const end = performance.now() + stretchMs;
        const { rounds } = await fuzz(server, { seed, from, goesOn: () => performance.now() < end });
        from += rounds;
        await emptyServer(server);
        heaps.push(await heapMb(server));
      }
      const [, second = 0, third = 0] = heaps;
      assert.ok(third - second < growthMbMax, `the heap grew from ${second} to ${third} MB`);
    } finally {
      await server.kill();
    }
  });
});
