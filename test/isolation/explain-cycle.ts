import type { Step } from "./cycles.ts";
import type { Reason } from "./dependencies.ts";
import { versionOf, type History, type Operation } from "./history.ts";

/** Names the anomaly and says for each operation of the circle why it must come before the next one. */
export function explainCycle(history: History, cycle: readonly Step[]): string {
  const operations = [...new Set(cycle.map(({ from }) => from))].flatMap((index) => history[index] ?? []);
  const steps = cycle.map(
    ({ from, to, reason }) =>
      `  ${history[from]?.id ?? ""} comes before ${history[to]?.id ?? ""}: ${wordsOf(reason)}`,
  );
  return [`${anomalyOf(cycle)}: no order explains`, ...operations.map(describe), ...steps].join("\n");
}

/** By Adya's names. */
function anomalyOf(cycle: readonly Step[]): string {
  const kinds = cycle.map(({ reason }) => reason.kind);
  const overtakes = kinds.filter((kind) => kind === "overtake").length;
  const late = kinds.includes("time") ? ", against real time" : "";
  if (overtakes > 1) return `anti-dependency cycle (G2, write skew)${late}`;
  if (overtakes === 1) return `single anti-dependency cycle (G-single, fractured or stale read)${late}`;
  return kinds.includes("read") ? `circular information flow (G1c)${late}` : `write cycle (G0)${late}`;
}

function wordsOf(reason: Reason): string {
  switch (reason.kind) {
    case "read":
      return `it wrote the ${reason.key} that the other saw`;
    case "replace":
      return `it wrote the ${reason.key} that the other replaced`;
    case "overtake":
      return `it saw ${reason.version === "" ? "no" : `${reason.version} in`} ${reason.key}, which the other replaced`;
    case "time":
      return "it had ended when the other began";
  }
}

function describe({ id, name, from, until, fate, reads, writes }: Operation): string {
  const seen = reads.map((read) => `${read.key} as ${versionOf(read) === "" ? "absent" : versionOf(read)}`);
  const written = writes.map(({ kind, key }) => `${kind} ${key}`);
  const parts = [
    seen.length === 0 ? [] : [`saw ${seen.join(", ")}`],
    written.length === 0 ? [] : [`did ${written.join(", ")}`],
  ].flat();
  return `  ${id} ${name} (${from} to ${until ?? "?"}, ${fate}) ${parts.join("; ")}`;
}
