import type { MigrationProgress } from "../../store/migration/migration.ts";
import { progressBar, progressText } from "./progress-text.ts";

/** Where progress is shown. */
export interface Screen {
  write(text: string): unknown;
  /** True for a terminal, where one line is written over and over. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressDisplay {
  show(progress: MigrationProgress): void;
  /** Shows what came last, and leaves it there. */
  end(): void;
}

const terminalPauseMs = 100;
const plainPauseMs = 5_000;
/** Before that a rate says little. */
const rateMsMin = 500;
const columnsUnlessTold = 80;
const toLineStart = "\r\u001b[K";

/** The first word of each phase is shown at once, the rest now and then. `now` tells milliseconds from any start. */
export function openProgressDisplay(screen: Screen, now: () => number): ProgressDisplay {
  const isTerminal = screen.isTTY === true;
  let phase: PhaseShown | undefined;

  function draw({ first, beganAt, latest }: PhaseShown, at: number): void {
    const seconds = (at - beganAt) / 1_000;
    const isKnown = at - beganAt >= rateMsMin;
    const entriesPerSecond = isKnown ? (latest.entries - first.entries) / seconds : undefined;
    const line = { progress: latest, entriesPerSecond };
    if (!isTerminal) screen.write(`${progressText(line)}\n`);
    else screen.write(toLineStart + progressBar(line).slice(0, columnsOf(screen) - 1));
  }

  function end(): void {
    if (phase === undefined) return;
    if (isTerminal) {
      draw(phase, now());
      screen.write("\n");
    } else if (phase.latest !== phase.first) {
      draw(phase, now());
    }
    phase = undefined;
  }

  return {
    show(progress) {
      const at = now();
      if (phase?.first.phase !== progress.phase) {
        end();
        phase = { first: progress, beganAt: at, latest: progress, shownAt: at };
        draw(phase, at);
        return;
      }
      phase.latest = progress;
      if (at - phase.shownAt < (isTerminal ? terminalPauseMs : plainPauseMs)) return;
      phase.shownAt = at;
      draw(phase, at);
    },
    end,
  };
}

/** Some terminals that programs make say that they have none. */
function columnsOf({ columns = 0 }: Screen): number {
  return columns > 0 ? columns : columnsUnlessTold;
}

interface PhaseShown {
  readonly first: MigrationProgress;
  readonly beganAt: number;
  latest: MigrationProgress;
  shownAt: number;
}
