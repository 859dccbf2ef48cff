import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRandom } from "../../bench/load/random.ts";
import { createDraw } from "./draw.ts";
import { mutateNode, nodeOf, printNode } from "./mutate-json.ts";
import { handmade } from "./valid-requests.ts";

function mutated(seed: number): string[] {
  const draw = createDraw(createRandom(seed));
  return handmade.map(({ members }) => printNode(mutateNode(nodeOf(members), draw)));
}

void describe("mutations of JSON", () => {
  void test("start from the request itself", () => {
    for (const { members } of handmade) {
      assert.deepEqual(JSON.parse(printNode(nodeOf(members))), members);
    }
  });

  void test("change most requests", () => {
    const originals = handmade.map(({ members }) => JSON.stringify(members));
    const changed = mutated(1).filter((text, index) => text !== originals[index]);
    assert.ok(changed.length > handmade.length * 0.8, `${changed.length} of ${handmade.length}`);
  });

  void test("are the same for the same seed", () => {
    assert.deepEqual(mutated(7), mutated(7));
    assert.notDeepEqual(mutated(7), mutated(8));
  });
});
