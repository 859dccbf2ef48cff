import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { Gatherer } from "./gatherer.ts";

interface Asked {
  readonly name: string;
  readonly weight?: number;
}

/** A gatherer whose batches end when the test says so, and whose alarm rings when the test says so. */
function gatherer({ batchesMax = 1, waitingMax = 100 } = {}) {
  const batches: { names: string; end: (error?: Error) => void }[] = [];
  const alarms = new Set<() => void>();
  const carryOut = (take: () => readonly Asked[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      const batch = take();
      const names = batch.map(({ name }) => name).join("");
      const answer = () => {
        resolve(batch.map(({ name }) => `${name}!`));
      };
      batches.push({
        names,
        end(error) {
          if (error === undefined) answer();
          else reject(error);
        },
      });
    });
  const gathering = {
    carryOut,
    weightOf: ({ weight = 1 }: Asked) => weight,
    nameOf: ({ name }: Asked) => name,
  };
  const bounds = { batchesMax, requestsPerBatchMax: 4, batchWeightMax: 10, waitingMax };
  const alarm = (_ms: number, ring: () => void) => {
    alarms.add(ring);
    return () => alarms.delete(ring);
  };
  return { gathered: new Gatherer<Asked, string>(gathering, bounds, alarm), batches, alarms };
}

/** One request a letter. */
function addAll(gathered: Gatherer<Asked, string>, names: string): Promise<string>[] {
  return Array.from(names, (name) => gathered.add({ name }));
}

function namesOf(batches: readonly { readonly names: string }[]): string {
  return batches.map(({ names }) => names).join(" ");
}

test("a request leaves at once while few are under way, and with all that came meanwhile when not", async () => {
  const { gathered, batches } = gatherer();
  const answers = Promise.all(addAll(gathered, "abcdefg"));
  assert.equal(namesOf(batches), "a");
  batches[0]?.end();
  await setImmediate();
  assert.equal(namesOf(batches), "a bcde");
  batches[1]?.end();
  await setImmediate();
  assert.equal(namesOf(batches), "a bcde fg");
  batches[2]?.end();
  assert.deepEqual(await answers, ["a!", "b!", "c!", "d!", "e!", "f!", "g!"]);
});

test("a batch weighs no more than it may before its last request", async () => {
  const { gathered, batches } = gatherer();
  const asked = [1, 6, 6, 1].map((weight, index) => ({ name: "abcd"[index] ?? "", weight }));
  const answers = Promise.all(asked.map((one) => gathered.add(one)));
  batches[0]?.end();
  await setImmediate();
  assert.equal(namesOf(batches), "a bc");
  batches[1]?.end();
  await setImmediate();
  batches[2]?.end();
  assert.deepEqual(await answers, ["a!", "b!", "c!", "d!"]);
});

test("requests of one name go one after another, others pass them", async () => {
  const { gathered, batches } = gatherer({ batchesMax: 2 });
  const answers = Promise.all(addAll(gathered, "aaab"));
  assert.equal(namesOf(batches), "a b");
  for (let batch = 0; batch < 4; batch++) {
    batches[batch]?.end();
    await setImmediate();
  }
  assert.equal(namesOf(batches), "a b a a");
  assert.deepEqual(await answers, ["a!", "a!", "a!", "b!"]);
});

test("a batch that takes long keeps no others from leaving", async () => {
  const { gathered, batches, alarms } = gatherer();
  const answers = Promise.all(addAll(gathered, "ab"));
  assert.equal(namesOf(batches), "a");
  for (const ring of [...alarms]) ring();
  assert.equal(namesOf(batches), "a b");
  batches[0]?.end();
  batches[1]?.end();
  assert.deepEqual(await answers, ["a!", "b!"]);
  assert.equal(alarms.size, 0);
  // Counted once: the next one leaves, the one behind it waits.
  void Promise.all(addAll(gathered, "cd"));
  assert.equal(namesOf(batches), "a b c");
});

test("a failure is that of its batch alone", async () => {
  const { gathered, batches } = gatherer();
  const answers = Promise.allSettled(addAll(gathered, "aba"));
  batches[0]?.end(new Error("lost"));
  await setImmediate();
  batches[1]?.end();
  await setImmediate();
  assert.deepEqual(
    (await answers).map(({ status }) => status),
    ["rejected", "fulfilled", "fulfilled"],
  );
});

test("who cannot wait is turned away", async () => {
  const { gathered, batches } = gatherer({ waitingMax: 2 });
  const answers = Promise.allSettled(addAll(gathered, "abcd"));
  for (let batch = 0; batch < 2; batch++) {
    batches[batch]?.end();
    await setImmediate();
  }
  assert.deepEqual(
    (await answers).map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected"],
  );
});
