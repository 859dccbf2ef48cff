import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkHistory } from "./check-history.ts";
import type { Fate, History, ItemWrite, Operation, Read } from "./history.ts";

/** An operation from `from` until `until`; its id stands for what it wrote. */
function operation(
  id: string,
  [from, until]: readonly [from: number, until: number | undefined],
  { reads = [], writes = [], fate = "done" }: { reads?: Read[]; writes?: ItemWrite[]; fate?: Fate },
): Operation {
  return { id, name: reads.length === 0 ? "write" : "transaction", from, until, fate, reads, writes };
}

const see = (key: string, ...seen: string[]): Read => ({ key, seen });
const append = (key: string): ItemWrite => ({ key, kind: "append" });
const put = (key: string, over: string): ItemWrite => ({ key, kind: "put", over });
const remove = (key: string, over: string): ItemWrite => ({ key, kind: "delete", over });

/** Both items are there, written by `init`. */
const init = operation("init", [0, 1], { writes: [put("x", ""), put("y", "")] });

/** The reads of all items behind everything else. */
function finalReads(...reads: Read[]): Operation[] {
  return reads.map((read, index) =>
    operation(`final-${read.key}`, [900 + index * 2, 901 + index * 2], { reads: [read] }),
  );
}

const faulty: readonly [title: string, history: History, complaint: RegExp][] = [
  [
    "finds a lost update",
    [
      init,
      operation("a", [10, 20], { writes: [{ ...append("x"), over: "init" }] }),
      operation("b", [11, 21], { writes: [{ ...append("x"), over: "init" }] }),
      ...finalReads(see("x", "init", "b"), see("y", "init")),
    ],
    /both a and b replaced init/,
  ],
  [
    "finds an acknowledged write that nobody sees",
    [
      init,
      operation("a", [10, 20], { writes: [append("x")] }),
      ...finalReads(see("x", "init"), see("y", "init")),
    ],
    /x: the write of a write was lost/,
  ],
  [
    "finds a write that was done although it failed",
    [
      init,
      operation("a", [10, 20], { writes: [append("x")], fate: "failed" }),
      operation("r", [12, 13], { reads: [see("x", "init", "a")] }),
      ...finalReads(see("x", "init"), see("y", "init")),
    ],
    /x: a write failed, but its write is there/,
  ],
  [
    "finds a dirty read of a transaction that was undone",
    [
      init,
      operation("t", [10, 30], { writes: [put("x", "init"), put("y", "init")], fate: "failed" }),
      operation("r", [12, 13], { reads: [see("x", "t")] }),
      ...finalReads(see("x", "init"), see("y", "init")),
    ],
    /r transaction saw t, which is no version of it/,
  ],
  [
    "finds half a transaction",
    [
      init,
      operation("t", [10, 20], { writes: [append("x"), append("y")] }),
      ...finalReads(see("x", "init", "t"), see("y", "init")),
    ],
    /y: the write of t write was lost/,
  ],
  [
    "finds half of a transaction without an answer",
    [
      init,
      operation("t", [10, undefined], { writes: [append("x"), append("y")], fate: "unknown" }),
      ...finalReads(see("x", "init", "t"), see("y", "init")),
    ],
    /y: the write of t write was lost/,
  ],
  [
    "finds write skew",
    [
      init,
      operation("a", [10, 20], { reads: [see("x", "init"), see("y", "init")], writes: [append("x")] }),
      operation("b", [11, 21], { reads: [see("x", "init"), see("y", "init")], writes: [append("y")] }),
      ...finalReads(see("x", "init", "a"), see("y", "init", "b")),
    ],
    /G2, write skew\)[^]*a comes before b: it saw init in y[^]*b comes before a: it saw init in x/,
  ],
  [
    "finds a read that sees half of a transaction",
    [
      init,
      operation("t", [10, 20], { writes: [append("x"), append("y")] }),
      operation("r", [11, 21], { reads: [see("x", "init", "t"), see("y", "init")] }),
      ...finalReads(see("x", "init", "t"), see("y", "init", "t")),
    ],
    /G-single[^]*t comes before r[^]*r comes before t|G-single[^]*r comes before t[^]*t comes before r/,
  ],
  [
    "finds a stale read",
    [
      init,
      operation("a", [10, 20], { writes: [append("x")] }),
      operation("r", [21, 22], { reads: [see("x", "init")] }),
      ...finalReads(see("x", "init", "a"), see("y", "init")),
    ],
    /G-single, fractured or stale read\), against real time/,
  ],
  [
    "finds a read of an item's absence behind its birth",
    [
      init,
      operation("a", [10, 20], { writes: [put("z", "")] }),
      operation("r", [21, 22], { reads: [see("z")] }),
      ...finalReads(see("z", "a"), see("x", "init"), see("y", "init")),
    ],
    /against real time/,
  ],
  [
    "finds readers who saw two writes in different orders",
    [
      init,
      operation("a", [10, 50], { writes: [append("x")] }),
      operation("b", [10.5, 51], { writes: [append("y")] }),
      operation("r", [11, 52], { reads: [see("x", "init", "a"), see("y", "init")] }),
      operation("s", [12, 53], { reads: [see("x", "init"), see("y", "init", "b")] }),
      ...finalReads(see("x", "init", "a"), see("y", "init", "b")),
    ],
    /G2/,
  ],
  [
    "finds a write that was done twice",
    [
      init,
      operation("a", [10, 20], { writes: [append("x")] }),
      operation("b", [21, 22], { writes: [append("x")] }),
      ...finalReads(see("x", "init", "a", "b", "a"), see("y", "init")),
    ],
    /x: a replaced both init and b/,
  ],
  [
    "finds an item that is gone though nobody deleted it",
    [init, ...finalReads(see("x"), see("y", "init"))],
    /x: it was written and is gone/,
  ],
  [
    "finds a weak read of what never was",
    [
      init,
      operation("t", [10, 30], { writes: [append("x")], fate: "failed" }),
      operation("r", [12, 13], { reads: [{ ...see("x", "t"), weak: true }] }),
      ...finalReads(see("x", "init"), see("y", "init")),
    ],
    /saw t, which is no version/,
  ],
];

const sound: readonly [title: string, history: History][] = [
  [
    "accepts transactions one after the other",
    [
      init,
      operation("t", [10, 20], { reads: [see("x", "init")], writes: [append("x"), append("y")] }),
      operation("u", [21, 22], { reads: [see("y", "init", "t")], writes: [append("x")] }),
      ...finalReads(see("x", "init", "t", "u"), see("y", "init", "t")),
    ],
  ],
  [
    "accepts either order of what overlaps",
    [
      init,
      operation("a", [10, 30], { writes: [append("x")] }),
      operation("b", [11, 31], { writes: [append("x")] }),
      operation("r", [12, 32], { reads: [see("x", "init", "b")] }),
      ...finalReads(see("x", "init", "b", "a"), see("y", "init")),
    ],
  ],
  [
    "accepts a write without an answer that happened late, or never",
    [
      init,
      operation("a", [10, undefined], { writes: [append("x")], fate: "unknown" }),
      operation("b", [11, undefined], { writes: [append("x")], fate: "unknown" }),
      operation("r", [20, 21], { reads: [see("x", "init")] }),
      ...finalReads(see("x", "init", "a"), see("y", "init")),
    ],
  ],
  [
    "accepts that an item was absent before its birth and after its death",
    [
      init,
      operation("early", [2, 3], { reads: [see("z")] }),
      operation("a", [10, 20], { writes: [put("z", "")] }),
      operation("d", [30, 40], { writes: [remove("z", "a")] }),
      operation("late", [50, 51], { reads: [see("z")] }),
      ...finalReads(see("z"), see("x", "init"), see("y", "init")),
    ],
  ],
  [
    "accepts an old state where that is allowed",
    [
      init,
      operation("a", [10, 20], { writes: [append("x")] }),
      operation("r", [21, 22], { reads: [{ ...see("x", "init"), weak: true }] }),
      ...finalReads(see("x", "init", "a"), see("y", "init")),
    ],
  ],
];

void describe("the checker of histories", () => {
  for (const [title, history, complaint] of faulty) {
    void test(title, () => {
      assert.match(checkHistory(history) ?? "nothing is wrong", complaint);
    });
  }

  for (const [title, history] of sound) {
    void test(title, () => {
      assert.equal(checkHistory(history), undefined);
    });
  }

  void test("tries both meanings of an absence that times leave open", () => {
    const life = [
      init,
      operation("birth", [10, undefined], { writes: [put("z", "")], fate: "unknown" }),
      operation("death", [30, 31], { writes: [remove("z", "birth")] }),
    ];
    const finals = finalReads(see("z"), see("x", "init", "u"), see("y", "init", "t"));
    const t = operation("t", [13, 14], { reads: [see("z", "birth")], writes: [append("y")] });
    const u = operation("u", [20, 21], { writes: [append("x")] });
    const reader = (...reads: Read[]): Operation => operation("r", [12, 50], { reads: [see("z"), ...reads] });
    const withReader = (r: Operation): History => [...life, t, u, r, ...finals];
    assert.equal(checkHistory(withReader(reader(see("y", "init")))), undefined);
    assert.equal(checkHistory(withReader(reader(see("y", "init", "t")))), undefined);
    // Behind t it is too late for the time before the birth; ahead of u, too early for the time after the death.
    assert.match(
      checkHistory(withReader(reader(see("y", "init", "t"), see("x", "init")))) ?? "",
      /no order explains/,
    );
  });

  void test("checks thousands of operations in a moment", () => {
    const history: Operation[] = [init];
    const log = ["init"];
    for (let index = 0; index < 5000; index++) {
      const from = 10 + index * 4;
      history.push(operation(`w${index}`, [from, from + 6], { writes: [append("x")] }));
      log.push(`w${index}`);
      history.push(operation(`r${index}`, [from + 1, from + 7.5], { reads: [see("x", ...log.slice(-20))] }));
    }
    history.push(operation("end", [100_000, 100_001], { reads: [see("x", ...log), see("y", "init")] }));
    const begun = performance.now();
    assert.equal(checkHistory(history), undefined);
    assert.ok(performance.now() - begun < 2000);
    const stale = operation("stale", [50_000, 50_001], { reads: [see("x", "w1", "w2")] });
    assert.match(checkHistory([...history, stale]) ?? "", /against real time/);
  });
});
