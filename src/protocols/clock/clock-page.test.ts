import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { openMovableTime } from "../../base/movable-time.ts";
import { withClockPage } from "./clock-page.ts";

const startMs = Date.UTC(2026, 10, 21, 12);
const time = openMovableTime({ now: () => startMs });
const http = createServer(
  withClockPage(time, (request, response) => {
    request.resume();
    response.writeHead(404).end("elsewhere");
  }),
);
await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
after(() => {
  http.close();
  http.closeAllConnections();
});
const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

async function ask(method: string, body?: string): Promise<[status: number, answer: unknown]> {
  const response = await fetch(`${origin}/_stator/clock`, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  return [response.status, await response.json()];
}

test("the clock is read, and moved by a span or to a moment", async () => {
  assert.deepEqual(await ask("GET"), [200, { now: "2026-11-21T12:00:00.000Z", nowMs: startMs }]);
  const moved = { now: "2026-11-21T13:00:00.000Z", nowMs: startMs + 3_600_000 };
  assert.deepEqual(await ask("PUT", '{"advanceMs": 3600000}'), [200, moved]);
  const nextDay = { now: "2026-11-22T00:00:00.000Z", nowMs: Date.UTC(2026, 10, 22) };
  assert.deepEqual(await ask("PUT", '{"now": "2026-11-22T00:00:00Z"}'), [200, nextDay]);
  assert.deepEqual(await ask("PUT", `{"now": ${nextDay.nowMs}}`), [200, nextDay]);
  assert.deepEqual(await ask("GET"), [200, nextDay]);
});

test("what does not move it forward is refused and moves nothing", async () => {
  const before = time.clock.now();
  const bodies = [
    ...["", "{", "null", "1", "[]", "{}", '{"advanceMs": null}', '{"advanceMs": "1"}', '{"advanceMs": -1}'],
    ...['{"advanceMs": 1e300}', '{"advanceMs": 1, "now": 1}', '{"advance": 1}', '{"advanceMs": 1, "x": 1}'],
    ...['{"now": "yesterday"}', '{"now": "2026-01-01"}', '{"now": 0}', '{"now": {}}', '{"__proto__": 1}'],
  ];
  for (const body of bodies) {
    const [status, answer] = await ask("PUT", body);
    assert.equal(status, 400, body);
    assert.match((answer as { message: string }).message, /^The body is /);
  }
  assert.equal((await ask("DELETE"))[0], 405);
  assert.equal((await ask("OPTIONS"))[0], 405);
  assert.equal(time.clock.now(), before);
});

test("every other path is left to the rest of the server", async () => {
  for (const path of ["/", "/_stator", "/_stator/clock/x"]) {
    const response = await fetch(origin + path, { method: "PUT", body: '{"advanceMs": 1}' });
    assert.equal(await response.text(), "elsewhere");
  }
});
