import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { newUuid } from "../base/uuid.ts";
import type { Engine } from "../engine/engine.ts";
import { openLmdbEngine } from "../engine/lmdb/open-lmdb-engine.ts";
import { openMemoryEngine } from "../engine/memory/open-memory-engine.ts";
import {
  isDelivering,
  mappingStateOf,
  type EventSourceMapping,
  type MappingState,
} from "./event-source-mapping.ts";
import { openEventSourceMappings } from "./event-source-mappings.ts";

const scope = { accountId: "000000000000", region: "us-east-1" };
const folder = await mkdtemp(join(tmpdir(), "stator-mappings-"));
after(() => rm(folder, { recursive: true }));

type New = Omit<EventSourceMapping, "version">;

function newMapping(change: Partial<New> = {}, functionName = "f"): New {
  return {
    id: newUuid(),
    scope,
    source: { tableName: "t", label: "2026-11-21T12:00:00.000" },
    startingPosition: "LATEST",
    settings: {
      function: { name: functionName },
      recordsMax: 100,
      batchingWindowSeconds: 0,
      parallelizationFactor: 1,
      filters: ['{"a":["é"]}'],
      bisectsBatches: false,
      tumblingWindowSeconds: 0,
      reportsItemFailures: false,
    },
    enabled: true,
    modifiedAt: 1,
    ...change,
  };
}

const engines: readonly [name: string, open: () => Promise<Engine>][] = [
  ["memory", () => Promise.resolve(openMemoryEngine())],
  ["lmdb", () => openLmdbEngine({ folder, durability: "relaxed" })],
];

for (const [name, open] of engines) {
  describe(`mappings on ${name}`, async () => {
    const engine = await open();
    const mappings = openEventSourceMappings(engine);
    after(() => engine.close());

    test("are found by scope and id alone, with what they were created with", async () => {
      const mapping = newMapping({ source: { tableName: "found", label: "1" } });
      assert.deepEqual(await mappings.create(mapping), { kind: "done", mapping: { ...mapping, version: 1 } });
      assert.deepEqual(await mappings.find(scope, mapping.id), { ...mapping, version: 1 });
      assert.equal(await mappings.find({ ...scope, region: "us-east-2" }, mapping.id), undefined);
      assert.equal(await mappings.find(scope, mapping.id.slice(0, -1)), undefined);
      await mappings.remove(scope, mapping.id);
    });

    test("are created once, whoever else does so at the same time", async () => {
      const creations = await Promise.all(Array.from({ length: 8 }, () => mappings.create(newMapping())));
      const done = creations.filter(({ kind }) => kind === "done");
      const { mappings: listed } = await mappings.list(scope, { mappingsMax: 10 });
      assert.deepEqual([done.length, listed.length], [1, 1]);
      const [{ id } = { id: "" }] = listed;
      assert.ok(creations.every((creation) => creation.kind === "done" || creation.id === id));
      await mappings.remove(scope, id);
      assert.equal((await mappings.create(newMapping({ id }))).kind, "done");
      await mappings.remove(scope, id);
    });

    test("grow their version with every change, and lose none when many come at once", async () => {
      const { id } = newMapping();
      await mappings.create(newMapping({ id }));
      await Promise.all(
        Array.from({ length: 20 }, () =>
          mappings.update(scope, id, (mapping) => ({ ...mapping, modifiedAt: mapping.modifiedAt + 1 })),
        ),
      );
      const mapping = await mappings.find(scope, id);
      assert.deepEqual([mapping?.version, mapping?.modifiedAt], [21, 21]);
      assert.equal(await mappings.update(scope, newUuid(), (other) => other), undefined);
      const refusal = new Error("no");
      const refuse = () => {
        throw refusal;
      };
      await assert.rejects(mappings.update(scope, id, refuse), refusal);
      await assert.rejects(mappings.remove(scope, id, refuse), refusal);
      assert.deepEqual(await mappings.find(scope, id), mapping);
      await mappings.remove(scope, id);
    });

    test("leave their stream and function to others when they change them or go", async () => {
      const first = newMapping();
      const second = newMapping({}, "g");
      await mappings.create(first);
      await mappings.create(second);
      const toF = (mapping: EventSourceMapping) => ({
        ...mapping,
        settings: { ...mapping.settings, function: { name: "f" } },
      });
      assert.deepEqual(await mappings.update(scope, second.id, toF), { kind: "taken", id: first.id });
      await mappings.remove(scope, first.id);
      assert.equal((await mappings.update(scope, second.id, toF))?.kind, "done");
      const third = newMapping({}, "g");
      assert.equal((await mappings.create(third)).kind, "done");
      for (const { id } of [second, third]) await mappings.remove(scope, id);
    });

    test("are listed in the order of their ids, those of a scope and those of all", async () => {
      const scopes = [scope, { ...scope, region: "us-east-10" }, { ...scope, accountId: "111111111111" }];
      const made = scopes.flatMap((each) =>
        Array.from({ length: 7 }, (_, index) => newMapping({ scope: each }, `f${index}`)),
      );
      for (const mapping of made) await mappings.create(mapping);
      for (const each of scopes) {
        const expected = made.filter((mapping) => mapping.scope === each).map(({ id }) => id);
        expected.sort();
        const listed: string[] = [];
        for (let after: string | undefined, more = true; more; after = listed.at(-1)) {
          const page = await mappings.list(each, { after, mappingsMax: 3 });
          listed.push(...page.mappings.map(({ id }) => id));
          more = page.more;
        }
        assert.deepEqual(listed, expected);
      }
      const all: EventSourceMapping[] = [];
      for (let more = true; more;) {
        const page = await mappings.listAll({ after: all.at(-1), mappingsMax: 4 });
        all.push(...page.mappings);
        more = page.more;
      }
      assert.deepEqual(all.map(({ id }) => id).sort(), made.map(({ id }) => id).sort());
      for (const mapping of made) await mappings.remove(mapping.scope, mapping.id);
    });

    test("keep what became of their last batch beside them, until they go", async () => {
      const creation = await mappings.create(newMapping());
      assert.ok(creation.kind === "done");
      const { mapping } = creation;
      assert.equal(await mappings.result(mapping), undefined);
      await mappings.setResult(mapping, "PROBLEM: é");
      assert.equal(await mappings.result(mapping), "PROBLEM: é");
      assert.equal((await mappings.find(scope, mapping.id))?.version, 1);
      await mappings.remove(scope, mapping.id);
      await mappings.setResult(mapping, "OK");
      assert.equal(await mappings.result(mapping), undefined);
    });

    test("tell whoever follows them of every change, until that ends", async () => {
      let told = 0;
      const end = mappings.follow(() => (told += 1));
      const mapping = newMapping();
      await mappings.create(mapping);
      await mappings.update(scope, mapping.id, (before) => before);
      end();
      await mappings.remove(scope, mapping.id);
      assert.equal(told, 2);
    });
  });
}

const states: readonly [change: Partial<New>, now: number, MappingState, delivers: boolean][] = [
  [{}, 0, "Enabled", true],
  [{ enabled: false }, 0, "Disabled", false],
  [{ transition: { state: "Creating", until: 10 } }, 9, "Creating", false],
  [{ transition: { state: "Creating", until: 10 } }, 10, "Enabled", true],
  [{ transition: { state: "Enabling", until: 10 } }, 9, "Enabling", false],
  [{ transition: { state: "Updating", until: 10 } }, 9, "Updating", true],
  [{ transition: { state: "Updating", until: 10 }, enabled: false }, 9, "Updating", false],
  [{ transition: { state: "Disabling", until: 10 }, enabled: false }, 9, "Disabling", false],
  [{ transition: { state: "Disabling", until: 10 }, enabled: false }, 10, "Disabled", false],
  [{ transition: { state: "Deleting", until: 10 } }, 9, "Deleting", false],
  [{ transition: { state: "Deleting", until: 10 } }, 10, "Gone", false],
];

test("the state of a mapping, and whether it delivers, follow from what is to come and the time", () => {
  for (const [change, now, state, delivers] of states) {
    const mapping = { ...newMapping(change), version: 1 };
    assert.deepEqual([mappingStateOf(mapping, now), isDelivering(mapping, now)], [state, delivers]);
  }
});
