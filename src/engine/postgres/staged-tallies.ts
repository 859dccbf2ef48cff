import { bufferOf, compareBytes } from "../../base/bytes.ts";
import type { Amounts } from "../engine.ts";
import { byteaArray, nameOf, numberArray } from "./bytea.ts";
import type { Write } from "./commit-plan.ts";
import type { Statements } from "./statements.ts";

interface StagedTally {
  readonly key: Uint8Array;
  isRemoved: boolean;
  readonly removedParts: Set<number>;
  readonly added: Map<number, Amounts>;
}

/** What one transaction does to tallies. What it forgets goes first, then what it added since. */
export class StagedTallies {
  readonly #byKey = new Map<string, StagedTally>();

  add(key: Uint8Array, part: number, { count, bytes }: Amounts): void {
    const { added } = this.#tallyOf(key);
    const sum = added.get(part) ?? { count: 0, bytes: 0 };
    added.set(part, { count: sum.count + count, bytes: sum.bytes + bytes });
  }

  remove(key: Uint8Array, part: number | undefined): void {
    const tally = this.#tallyOf(key);
    if (part === undefined) {
      tally.isRemoved = true;
      tally.added.clear();
    } else {
      tally.removedParts.add(part);
      tally.added.delete(part);
    }
  }

  #tallyOf(key: Uint8Array): StagedTally {
    const name = nameOf(key);
    const known = this.#byKey.get(name);
    if (known !== undefined) return known;
    const tally = {
      key,
      isRemoved: false,
      removedParts: new Set<number>(),
      added: new Map<number, Amounts>(),
    };
    this.#byKey.set(name, tally);
    return tally;
  }

  /** What goes to the rows of `slot`, those of the connection. */
  writes({ addTallies, removeTally, removePart }: Statements, slot: number): readonly Write[] {
    const tallies = [...this.#byKey.values()].sort((left, right) => compareBytes(left.key, right.key));
    const removals = tallies.flatMap(({ key, isRemoved, removedParts }) =>
      isRemoved
        ? [{ statement: removeTally, values: [bufferOf(key)] }]
        : [...removedParts].map((part) => ({ statement: removePart, values: [bufferOf(key), part] })),
    );
    const added = tallies.flatMap(({ key, added }) =>
      [...added]
        .sort(([left], [right]) => left - right)
        .map(([part, amounts]) => ({ key, part, ...amounts })),
    );
    if (added.length === 0) return removals;
    const values = [
      slot,
      byteaArray(added.map(({ key }) => key)),
      numberArray(added.map(({ part }) => part)),
      numberArray(added.map(({ count }) => count)),
      numberArray(added.map(({ bytes }) => bytes)),
    ];
    return [...removals, { statement: addTallies, values }];
  }
}
