import assert from "node:assert/strict";
import test from "node:test";
import type { MigrationProgress } from "../../store/migration/migration.ts";
import { openProgressDisplay } from "./progress-display.ts";

const at = (entries: number, more: Partial<MigrationProgress> = {}): MigrationProgress => ({
  phase: "entries",
  entries,
  bytes: 400 * entries,
  entriesExpected: 10_000,
  ...more,
});

/** What is written where progress comes at these moments, in milliseconds. */
function shown(
  screen: { readonly isTTY?: boolean; readonly columns?: number },
  moments: readonly (readonly [number, MigrationProgress])[],
): readonly string[] {
  const written: string[] = [];
  let now = 0;
  const display = openProgressDisplay({ ...screen, write: (text) => written.push(text) }, () => now);
  for (const [moment, progress] of moments) {
    now = moment;
    display.show(progress);
  }
  display.end();
  return written;
}

test("without a terminal there is a line at the start of each phase, every five seconds and at the end", () => {
  const lines = shown({}, [
    [0, at(500)],
    [4_000, at(1_000)],
    [5_000, at(2_500)],
    [6_000, at(4_000)],
    [10_000, at(8_500)],
    [11_000, at(11_000)],
    [11_001, at(11_000, { phase: "tallies" })],
    [11_002, at(500, { phase: "verification", bytes: 0 })],
  ]);
  assert.deepEqual(lines, [
    "copying: 5%, 500 of about 10,000 entries, 200.0 kB\n",
    "copying: 25%, 19 s left, 400 entries/s, 2,500 of about 10,000 entries, 1.0 MB\n",
    "copying: 85%, 2 s left, 800 entries/s, 8,500 of about 10,000 entries, 3.4 MB\n",
    "copying: 954 entries/s, 11,000 entries, 4.4 MB\n",
    "copying counts\n",
    "comparing: 5%, 500 of about 10,000 entries\n",
  ]);
});

test("a terminal has a bar that is drawn anew ten times a second and stays when a phase ends", () => {
  const texts = shown({ isTTY: true }, [
    [0, at(500)],
    [50, at(600)],
    [1_000, at(2_500)],
    [1_050, at(10_000)],
    [1_060, at(100, { phase: "keys", bytes: 0, entriesExpected: 0 })],
  ]);
  assert.deepEqual(texts, [
    "\r\u001b[Kcopying [#...................] 5%, 500 of about 10,000 entries, 200.0 kB",
    "\r\u001b[Kcopying [#####...............] 25%, 4 s left, 2,000 entries/s, 2,500 of about 1",
    "\r\u001b[Kcopying [####################] 100%, 8,962 entries/s, 10,000 entries, 4.0 MB",
    "\n",
    "\r\u001b[Kchecking keys [####################] 100%, 100 entries",
    "\r\u001b[Kchecking keys [####################] 100%, 100 entries",
    "\n",
  ]);
});

test("a line is never longer than the terminal is wide", () => {
  const [wide = "", narrow = ""] = [0, 31].flatMap((columns) =>
    shown({ isTTY: true, columns }, [[0, at(500)]]).slice(0, 1),
  );
  assert.equal(wide, "\r\u001b[Kcopying [#...................] 5%, 500 of about 10,000 entries, 200.0 kB");
  assert.equal(narrow, "\r\u001b[Kcopying [#...................]");
});
