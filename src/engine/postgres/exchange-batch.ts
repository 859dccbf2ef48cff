/** Exchanges on their way into one statement, and what became of them. */
import { bufferOf, compareBytes } from "../../base/bytes.ts";
import type { Exchange, Exchanged } from "../engine.ts";
import { sizeOf } from "../exchange.ts";
import { byteaArray, nameOf, numberArray } from "./bytea.ts";
import type { Connection } from "./connections/connections.ts";
import { exchangeStatement, expects, outcomes } from "./exchange-statement.ts";

/** Sends exchanges of different keys together; undefined for those that only a transaction can decide. */
export async function exchangeTogether(
  connection: Connection,
  exchanges: readonly Exchange[],
): Promise<readonly (Exchanged | undefined)[]> {
  const order = exchanges.map((_, index) => index);
  order.sort((left, right) => compareKeys(exchanges[left], exchanges[right]));
  const sorted = order.map((index) => exchanges[index]).filter((exchange) => exchange !== undefined);
  const deletes = sorted.some(({ value }) => value === undefined);
  const { rows } = await connection.send(
    statements[deletes ? "deletes" : "puts"],
    valuesOf(sorted, connection.slot),
  );
  const answers = new Array<Exchanged | undefined>(exchanges.length);
  order.forEach((index, place) => (answers[index] = exchangedIn(rows[place] ?? [], exchanges[index])));
  return answers;
}

const statements = { puts: exchangeStatement(false), deletes: exchangeStatement(true) };

function compareKeys(left: Exchange | undefined, right: Exchange | undefined): number {
  return left === undefined || right === undefined ? 0 : compareBytes(left.key, right.key);
}

function valuesOf(exchanges: readonly Exchange[], slot: number): readonly unknown[] {
  const guards = new Numbered(
    exchanges.map(({ guard }) => [guard, `${guard.key.length} ${nameOf(guard.key)}${nameOf(guard.value)}`]),
  );
  const tallies = new Numbered(exchanges.map(({ tally }) => [tally, `${tally.part} ${nameOf(tally.key)}`]));
  return [
    byteaArray(exchanges.map(({ key }) => key)),
    byteaArray(exchanges.map(({ value }) => value)),
    numberArray(exchanges.map(({ value, tally }) => sizeOf(value, tally.sizeAt))),
    numberArray(exchanges.map(({ tally }) => tally.sizeAt)),
    numberArray(guards.numbers),
    numberArray(tallies.numbers),
    byteaArray(guards.distinct.map(({ key }) => key)),
    byteaArray(guards.distinct.map(({ value }) => value)),
    slot,
    byteaArray(tallies.distinct.map(({ key }) => key)),
    numberArray(tallies.distinct.map(({ part }) => part)),
    byteaArray(exchanges.map(({ expected }) => expected ?? undefined)),
    numberArray(exchanges.map(expectationOf)),
  ];
}

/** Most exchanges of a batch name the same guard and tally: they travel once. */
class Numbered<Element> {
  readonly distinct: Element[] = [];
  /** For each element, which of the distinct ones it is, from 1. */
  readonly numbers: readonly number[];

  constructor(elements: readonly (readonly [element: Element, name: string])[]) {
    const numberOf = new Map<string, number>();
    this.numbers = elements.map(([element, name]) => {
      const known = numberOf.get(name);
      if (known !== undefined) return known;
      const number = this.distinct.push(element);
      numberOf.set(name, number);
      return number;
    });
  }
}

function expectationOf({ expected }: Exchange): number {
  if (expected === undefined) return expects.anything;
  return expected === null ? expects.nothing : expects.value;
}

/** An expected value does not travel back. */
function exchangedIn(
  [outcome, before]: readonly unknown[],
  exchange: Exchange | undefined,
): Exchanged | undefined {
  switch (outcome) {
    case outcomes.refused:
      return { kind: "refused" };
    case outcomes.changed:
      return { kind: "changed" };
    case outcomes.done:
      if (exchange?.expected !== undefined) return { kind: "done", before: exchange.expected ?? undefined };
      return { kind: "done", before: before instanceof Uint8Array ? bufferOf(before) : undefined };
    default:
      return undefined;
  }
}

/** Who may go together: no key that one exchanges guards another, since rows cannot be held both ways at once. */
export function exchangeAdmission(): (exchange: Exchange) => boolean {
  const keys = new Set<string>();
  const guards = new Set<string>();
  return ({ key, guard }) => {
    const keyName = nameOf(key);
    const guardName = nameOf(guard.key);
    if (guards.has(keyName) || keys.has(guardName) || keyName === guardName)
      return keys.size === 0 && keyName !== guardName;
    keys.add(keyName);
    guards.add(guardName);
    return true;
  };
}
