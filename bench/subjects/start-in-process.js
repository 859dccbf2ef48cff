// A process of its own for `bench/start.ts`: plain JavaScript, so that no loader is in the measured time.
const importBegun = performance.now();
const { startServer } = await import("../../dist/server/index.js");
const importMs = performance.now() - importBegun;

const times = [];
for (let round = 0; round < 6; round++) {
  const begun = performance.now();
  const server = await startServer({ port: 0 });
  times.push(performance.now() - begun);
  await server.close();
}
const [firstStartMs, ...later] = times;
later.sort((left, right) => left - right);
console.log(JSON.stringify({ importMs, firstStartMs, startServerMs: later[Math.floor(later.length / 2)] }));
