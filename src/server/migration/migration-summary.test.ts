import assert from "node:assert/strict";
import test from "node:test";
import type { Holding } from "../../store/migration/inventory.ts";
import type { MigrationReport } from "../../store/migration/migration.ts";
import { summaryOf } from "./migration-summary.ts";

const definitions: Holding = {
  group: { keyspace: 1 },
  entries: 4,
  bytes: 1_000,
  checksum: "1".repeat(64),
};
const items = (tableId: number, entries: number): Holding => ({
  group: { keyspace: 2, tableId },
  entries,
  bytes: 400 * entries,
  checksum: "2".repeat(64),
});

function reportOf(holdings: readonly Holding[], more: Partial<MigrationReport> = {}): MigrationReport {
  const tallies = new Map([[1, new Map([[0, { count: 1, bytes: 2 }]])]]);
  const inventory = { holdings, tallies };
  const names = new Map([[1, "000000000000/us-east-1/Music"]]);
  return { resumed: false, source: inventory, target: inventory, differences: [], names, ...more };
}

test("a summary tells of each table, and of all", () => {
  assert.equal(
    summaryOf(reportOf([definitions, items(1, 100_000), items(7, 1)])),
    `                                     entries       bytes  SHA-256
definitions                                4       1,000  1111111111111111
000000000000/us-east-1/Music: items  100,000  40,000,000  2222222222222222
removed table 7: items                     1         400  2222222222222222
total                                100,005  40,001,400

The copy holds what the source holds: 100,005 entries, 40.0 MB, and the counts of 1 table.
`,
  );
});

test("a great many tables are told of together", () => {
  const lines = summaryOf(reportOf(Array.from({ length: 100 }, (_, id) => items(id, 10)))).split("\n");
  assert.equal(lines.length, 60 + 2 + 3);
  assert.deepEqual(
    [...lines].slice(-6).map((line) => line.replaceAll(/ +/g, " ")),
    [
      "removed table 58: items 10 4,000 2222222222222222",
      "41 others 410 164,000",
      "total 1,000 400,000",
      "",
      "The copy holds what the source holds: 1,000 entries, 400.0 kB, and the counts of 1 table.",
      "",
    ],
  );
});

test("differences are told by table, with what to do", () => {
  const summary = summaryOf(
    reportOf([definitions], {
      differences: [
        { kind: "entries", group: { keyspace: 2, tableId: 1 }, source: items(1, 30), target: undefined },
        {
          kind: "tally",
          tableId: 1,
          source: new Map([[0, { count: 1_000, bytes: 2_000 }]]),
          target: new Map([
            [0, { count: 999, bytes: 2_000 }],
            [3, { count: 1, bytes: 2 }],
          ]),
        },
        { kind: "tally", tableId: 2, source: new Map(), target: new Map([[0, { count: 1, bytes: 1 }]]) },
      ],
    }),
  );
  assert.equal(
    summary.slice(summary.indexOf("\n\n") + 2),
    `The copy is not what the source is:
  000000000000/us-east-1/Music: items: 30 entries, 12,000 bytes (2222222222222222) in the source, nothing in the copy
  000000000000/us-east-1/Music: 1,000 items, 2,000 bytes counted in the source, 999 items, 2,000 bytes; 1 entries of index 3, 2 bytes in the copy
  removed table 2: nothing counted in the source, 1 items, 1 bytes in the copy
Was the source, or the target, in use meanwhile? Stop what uses them, and begin anew with an empty target. Servers refuse this one.
`,
  );
});
