import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { checkHistory } from "./check-history.ts";
import { runClients } from "./clients.ts";
import { createFaultySubject, cutOffFaults, faults, type Fault } from "./faulty-subject.ts";

async function complaintAbout(
  fault: Fault | undefined,
  { seed, losesAnswers }: { seed: number; losesAnswers: boolean },
): Promise<string | undefined> {
  const subject = createFaultySubject({ fault, random: createRandom(seed), losesAnswers });
  const history = await runClients({
    subject: () => Promise.resolve(subject),
    seed,
    clients: 6,
    episode: "",
    goesOn: (operations) => operations < 1000,
    isCutOff: losesAnswers,
  });
  return checkHistory(history);
}

void describe("concurrent clients and the checker together", () => {
  void test("find nothing wrong with a store that does everything in one step", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      assert.equal(await complaintAbout(undefined, { seed, losesAnswers: false }), undefined);
    }
  });

  void test("find nothing wrong with one whose answers are lost now and then", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      assert.equal(await complaintAbout(undefined, { seed, losesAnswers: true }), undefined);
    }
  });

  for (const fault of [...faults, ...cutOffFaults]) {
    void test(`find a ${fault.replace("-", " ")}`, async () => {
      const losesAnswers = cutOffFaults.some((other) => other === fault);
      for (const seed of [1, 2, 3]) {
        assert.notEqual(await complaintAbout(fault, { seed, losesAnswers }), undefined, `seed ${seed}`);
      }
    });
  }
});
