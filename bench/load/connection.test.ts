import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Connection } from "./connection.ts";
import { summarise } from "./round.ts";

/** A server that sends `pieces` to whoever writes to it, one after the other. */
async function answerOf(pieces: readonly string[]): Promise<readonly [status: number, failure: string]> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.once("data", () => {
      void (async () => {
        for (const piece of pieces) {
          socket.write(piece);
          await delay(5);
        }
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const connection = await Connection.open((server.address() as AddressInfo).port);
  try {
    return await new Promise((resolve) => {
      connection.send(Buffer.from("POST / HTTP/1.1\r\n\r\n"), (status, failure) => {
        resolve([status, failure]);
      });
    });
  } finally {
    connection.close();
    server.close();
  }
}

void describe("a connection of the load generator", () => {
  void test("reads an answer to its end, however it is cut", async () => {
    const head = "HTTP/1.1 400 Bad Request\r\nDate: x\r\nContent-Length: 6\r\n";
    assert.deepEqual(await answerOf([`${head}\r\nabcdef`]), [400, "abcdef"]);
    assert.deepEqual(await answerOf([head.slice(0, 9), head.slice(9), "\r", "\nabc", "def"]), [
      400,
      "abcdef",
    ]);
  });

  void test("keeps no body of a success", async () => {
    assert.deepEqual(await answerOf(["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"]), [200, ""]);
  });
});

void describe("a round", () => {
  void test("is summed up by its count and its percentiles", () => {
    const latencies = Array.from({ length: 1000 }, (_, index) => 1000 - index);
    assert.deepEqual(summarise(latencies, 2), {
      operations: 1000,
      seconds: 2,
      p50Ms: 501,
      p99Ms: 991,
      longestMs: 1000,
    });
  });
});
