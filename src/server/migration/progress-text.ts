/** How far a migration has come, in words and as a bar. */
import type { MigrationProgress } from "../../store/migration/migration.ts";
import { amountText, durationText, wholeNumber } from "./amounts.ts";

const doing: Readonly<Record<MigrationProgress["phase"], string>> = {
  keys: "checking keys",
  entries: "copying",
  tallies: "copying counts",
  verification: "comparing",
};

export interface ProgressLine {
  readonly progress: MigrationProgress;
  /** Undefined as long as nothing can be said. */
  readonly entriesPerSecond: number | undefined;
}

/** A line of its own, as logs have it. */
export function progressText(line: ProgressLine): string {
  const { phase } = line.progress;
  if (phase === "tallies") return doing[phase];
  const share = isWithin(line) ? [`${percentOf(line)}%`] : [];
  return `${doing[phase]}: ${[...share, ...factsOf(line)].join(", ")}`;
}

const barWidth = 20;

/** A line for a terminal: what matters most stands first, because the end may be cut off. */
export function progressBar(line: ProgressLine): string {
  const { phase } = line.progress;
  if (phase === "tallies") return doing[phase];
  const percent = percentOf(line);
  const filled = Math.floor((barWidth * percent) / 100);
  const bar = `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
  return [`${doing[phase]} ${bar} ${percent}%`, ...factsOf(line)].join(", ");
}

function factsOf(line: ProgressLine): readonly string[] {
  const { entries, bytes, entriesExpected } = line.progress;
  const { entriesPerSecond = 0 } = line;
  const facts: string[] = [];
  if (entriesPerSecond > 0) {
    if (isWithin(line)) facts.push(`${durationText((entriesExpected - entries) / entriesPerSecond)} left`);
    facts.push(`${wholeNumber(entriesPerSecond)} entries/s`);
  }
  facts.push(
    isWithin(line)
      ? `${wholeNumber(entries)} of about ${wholeNumber(entriesExpected)} entries`
      : `${wholeNumber(entries)} entries`,
  );
  if (bytes > 0) facts.push(amountText(bytes));
  return facts;
}

/** What is expected is a guess: there may be more. */
function isWithin({ progress: { entries, entriesExpected } }: ProgressLine): boolean {
  return entries < entriesExpected;
}

function percentOf(line: ProgressLine): number {
  const { entries, entriesExpected } = line.progress;
  return isWithin(line) ? Math.floor((100 * entries) / entriesExpected) : 100;
}
