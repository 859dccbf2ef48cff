/** What a migration came to, for the person who asked for it. */
import type { Tally } from "../../engine/engine.ts";
import type { Difference } from "../../store/migration/compare-inventories.ts";
import type { Holding } from "../../store/migration/inventory.ts";
import type { MigrationReport } from "../../store/migration/migration.ts";
import { nameOfGroup, nameOfTable, type TableNames } from "../../store/migration/table-names.ts";
import { amountText, countOf, wholeNumber } from "./amounts.ts";

/** More rows than that are told as one. */
const rowsMax = 60;
/** Of a checksum: enough for people to compare. */
const digitsShown = 16;

export function summaryOf(report: MigrationReport): string {
  const { source, target, differences, names } = report;
  const table = tableOf(target.holdings, names);
  if (differences.length > 0) return `${table}\n${differencesText(differences, names)}`;
  const total = sumOf(source.holdings);
  return (
    `${table}\nThe copy holds what the source holds: ${wholeNumber(total.entries)} entries, ` +
    `${amountText(total.bytes)}, and the counts of ${countOf(source.tallies.size, "table")}.\n`
  );
}

type Row = readonly [name: string, entries: string, bytes: string, checksum: string];

function tableOf(holdings: readonly Holding[], names: TableNames): string {
  const shown = holdings.length > rowsMax ? holdings.slice(0, rowsMax - 1) : holdings;
  const others = holdings.slice(shown.length);
  const rows: Row[] = [
    ["", "entries", "bytes", "SHA-256"],
    ...shown.map((holding) => rowOf(nameOfGroup(names, holding.group), holding)),
  ];
  if (others.length > 0) rows.push(rowOf(`${wholeNumber(others.length)} others`, sumOf(others)));
  rows.push(rowOf("total", sumOf(holdings)));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const [nameWidth = 0, entriesWidth = 0, bytesWidth = 0] = widths;
  return rows
    .map(([name, entries, bytes, checksum]) =>
      [name.padEnd(nameWidth), entries.padStart(entriesWidth), bytes.padStart(bytesWidth), checksum]
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

type Sum = Pick<Holding, "entries" | "bytes"> & Partial<Pick<Holding, "checksum">>;

function rowOf(name: string, { entries, bytes, checksum = "" }: Sum): Row {
  return [name, wholeNumber(entries), wholeNumber(bytes), checksum.slice(0, digitsShown)];
}

function sumOf(holdings: readonly Holding[]): Sum {
  let entries = 0;
  let bytes = 0;
  for (const holding of holdings) {
    entries += holding.entries;
    bytes += holding.bytes;
  }
  return { entries, bytes };
}

function differencesText(differences: readonly Difference[], names: TableNames): string {
  const lines = differences.slice(0, rowsMax).map((difference) => `  ${differenceText(difference, names)}\n`);
  const others = differences.length - lines.length;
  if (others > 0) lines.push(`  ${wholeNumber(others)} others\n`);
  return (
    `The copy is not what the source is:\n${lines.join("")}` +
    "Was the source, or the target, in use meanwhile? Stop what uses them, and begin anew with an empty target. " +
    "Servers refuse this one.\n"
  );
}

function differenceText(difference: Difference, names: TableNames): string {
  switch (difference.kind) {
    case "entries":
      return (
        `${nameOfGroup(names, difference.group)}: ` +
        `${holdingText(difference.source)} in the source, ${holdingText(difference.target)} in the copy`
      );
    case "tally":
      return (
        `${nameOfTable(names, difference.tableId)}: ` +
        `${tallyText(difference.source)} counted in the source, ${tallyText(difference.target)} in the copy`
      );
  }
}

function holdingText(holding: Holding | undefined): string {
  if (holding === undefined) return "nothing";
  const { entries, bytes, checksum } = holding;
  return `${wholeNumber(entries)} entries, ${wholeNumber(bytes)} bytes (${checksum.slice(0, digitsShown)})`;
}

function tallyText(tally: Tally): string {
  const parts = [...tally].map(([part, { count, bytes }]) => {
    const what = part === 0 ? "items" : `entries of index ${part}`;
    return `${wholeNumber(count)} ${what}, ${wholeNumber(bytes)} bytes`;
  });
  return parts.join("; ") || "nothing";
}
