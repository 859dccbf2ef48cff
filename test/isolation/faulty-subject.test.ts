import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import { createFaultySubject, faults, type Fault } from "./faulty-subject.ts";

async function complaintAbout(fault: Fault | undefined, seed: number): Promise<string | undefined> {
  const subject = createFaultySubject(fault, createRandom(seed));
  const history = await runClients({
    subject: () => Promise.resolve(subject),
    seed,
    clients: 6,
    episode: "",
    goesOn: (operations) => operations < 1000,
    isCutOff: false,
  });
  return checkHistory(history);
}

void describe("concurrent clients and the checker together", () => {
  void test("find nothing wrong with a store that does everything in one step", async () => {
    for (const seed of [1, 2, 3, 4, 5]) assert.equal(await complaintAbout(undefined, seed), undefined);
  });

  for (const fault of faults) {
    void test(`find a ${fault.replace("-", " ")}`, async () => {
      for (const seed of [1, 2, 3])
        assert.notEqual(await complaintAbout(fault, seed), undefined, `seed ${seed}`);
    });
  }
});
