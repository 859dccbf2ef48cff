import { aims, startAims } from "./aims.ts";
import type { Comparison, ComparisonOf, Measurement, SubjectName } from "./comparison.ts";
import type { GrowthPoint } from "./growth.ts";
import type { Expiry } from "./expiry.ts";
import type { IndexBuild, Writing } from "./index-build.ts";
import type { IndexGrowthPoint } from "./index-growth.ts";
import type { ComparedWorkload } from "./load/workloads.ts";
import type { PostgresComparison, PostgresSubject } from "./postgres.ts";
import type { Starts } from "./start.ts";
import type { StreamReading } from "./stream.ts";
import type { TriggerLag } from "./triggers.ts";

type Row = readonly string[];

const subjectTitles: Record<SubjectName, string> = {
  stator: "Stator",
  dynalite: "dynalite",
  "bare-http": "bare HTTP",
  engine: "raw engine",
};

const postgresTitles: Record<PostgresSubject, string> = {
  lmdb: "LMDB",
  one: "PostgreSQL, one server",
  two: "PostgreSQL, two servers",
  bare: "bare pg",
};

/** The comparison as text: every subject's numbers, then the ratios beside the aims. */
export function comparisonReport(comparison: Comparison): string {
  const ratios: Row[] = [["operation", "ratio", "aim", "measured", ""]];
  for (const [workload, subjects] of entriesOf(comparison)) {
    ratios.push(...ratiosOf(workload, subjects), ...besideOf(workload, comparison));
  }
  return `${measurements(comparison, subjectTitles)}\n\n${table(ratios)}`;
}

/** The comparison of databases as text: every subject's numbers, then how they stand to each other. */
export function postgresReport(comparison: PostgresComparison): string {
  const ratios: Row[] = [["operation", "one server of LMDB", "two servers of one", "one server of bare pg"]];
  for (const [workload, { lmdb, one, two, bare }] of entriesOf(comparison)) {
    ratios.push([workload, shareOf(one, lmdb), shareOf(two, one), shareOf(one, bare)]);
  }
  return `${measurements(comparison, postgresTitles)}\n\n${table(ratios)}`;
}

function shareOf(part: Measurement | undefined, whole: Measurement | undefined): string {
  if (part === undefined || whole === undefined) return "";
  return `${((100 * part.operationsPerSecond) / whole.operationsPerSecond).toFixed(0)} %`;
}

/** Every subject's numbers for every workload. */
function measurements<Subject extends string>(
  comparison: ComparisonOf<Subject>,
  titles: Readonly<Record<Subject, string>>,
): string {
  const rows: Row[] = [["operation", "subject", "op/s", "slowest", "fastest", "p50 ms", "p99 ms", "cpu µs"]];
  for (const [workload, subjects] of entriesOf(comparison)) {
    for (const [name, measurement] of entriesOf<Subject, Measurement>(subjects)) {
      rows.push([workload, titles[name], ...numbersOf(measurement)]);
    }
  }
  return table(rows);
}

/** How fast the server starts and what it costs at rest, beside the aims. */
export function startReport({ stator, dynalite, inProcess }: Starts): string {
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const mb = (value: number | undefined): string =>
    value === undefined ? "unknown" : `${value.toFixed(0)} MB`;
  return table([
    ["start", "aim", "Stator", "dynalite"],
    ["launch to first answer", `< ${startAims.launchMs} ms`, ms(stator.launchMs), ms(dynalite.launchMs)],
    ["idle memory", `< ${startAims.idleMb} MB`, mb(stator.idleMb), mb(dynalite.idleMb)],
    ["import of the library", "", ms(inProcess.importMs), ""],
    ["first startServer()", `< ${startAims.startServerMs} ms`, ms(inProcess.firstStartMs), ""],
    [
      "later startServer()",
      `< ${startAims.startServerMs} ms`,
      `${inProcess.startServerMs.toFixed(1)} ms`,
      "",
    ],
  ]);
}

/** Cost by table size: a tree only grows by its depth. */
export function growthReport(points: readonly GrowthPoint[]): string {
  const rows: Row[] = [
    ["operation", "items", "op/s", "p50 ms", "p99 ms", "cpu µs", "cpu against the first size"],
  ];
  for (const point of points.toSorted((left, right) => left.workload.localeCompare(right.workload))) {
    const first = points.find(({ workload }) => workload === point.workload);
    const growth = (point.processorMicros ?? Number.NaN) / (first?.processorMicros ?? Number.NaN);
    rows.push([
      point.workload,
      String(point.items),
      point.operationsPerSecond.toFixed(0),
      point.p50Ms.toFixed(2),
      point.p99Ms.toFixed(2),
      point.processorMicros?.toFixed(1) ?? "",
      `× ${growth.toFixed(2)}`,
    ]);
  }
  return table(rows);
}

/** What moving the keys of an index costs by table size: it should stay what it was. */
export function indexGrowthReport(points: readonly IndexGrowthPoint[]): string {
  const [first] = points;
  const rows = points.map((point) => [
    String(point.megabytes),
    String(point.items),
    point.operationsPerSecond.toFixed(0),
    `${((100 * point.operationsPerSecond) / (first?.operationsPerSecond ?? Number.NaN)).toFixed(0)} %`,
    point.p50Ms.toFixed(2),
    point.p99Ms.toFixed(2),
    point.longestMs.toFixed(0),
    point.processorMicros?.toFixed(1) ?? "",
    point.residentMb?.toFixed(0) ?? "",
    point.loadedPerSecond.toFixed(0),
  ]);
  const titles = ["MB", "items", "updates/s", "of the first", "p50 ms", "p99 ms", "max ms", "cpu µs"];
  return table([[...titles, "resident MB", "loaded items/s"], ...rows]);
}

/** How long the build took, and a writer's latency before and during it. */
export function indexBuildReport(build: IndexBuild): string {
  const { before, during } = build.writer;
  const writing = ([title, { operationsPerSecond, p50Ms, p99Ms, longestMs }]: readonly [
    string,
    Writing,
  ]): Row => [
    title,
    operationsPerSecond.toFixed(0),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    longestMs.toFixed(0),
  ];
  const { residentMb: resident } = build;
  return [
    `${build.items} items in ${build.seconds.toFixed(1)} s: ${build.itemsPerSecond.toFixed(0)} items/s, ` +
      `${build.processorMicros?.toFixed(1) ?? "?"} µs of processor each, ` +
      `resident ${resident.before?.toFixed(0) ?? "?"} MB before and ${resident.after?.toFixed(0) ?? "?"} MB after`,
    table([
      ["one writer", "updates/s", "p50 ms", "p99 ms", "max ms"],
      ...(
        [
          ["before", before],
          ["during", during],
        ] as const
      ).map(writing),
    ]),
  ].join("\n\n");
}

/** How fast items were deleted, and what clients of another table noticed. */
export function expiryReport({ items, seconds, itemsPerSecond, traffic }: Expiry): string {
  const rows = traffic.map(({ workload, when, operationsPerSecond, p50Ms, p99Ms, longestMs }): Row => [
    `${workload} ${when}`,
    operationsPerSecond.toFixed(0),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    longestMs.toFixed(0),
  ]);
  return [
    `${items} expired items deleted in ${seconds.toFixed(1)} s: ${itemsPerSecond.toFixed(0)} items/s`,
    table([["another table's", "op/s", "p50 ms", "p99 ms", "max ms"], ...rows]),
  ].join("\n\n");
}

export function streamReport({ records, seconds, recordsPerSecond, processorMicros }: StreamReading): string {
  const rate = `${records} records read in ${seconds.toFixed(1)} s: ${recordsPerSecond.toFixed(0)} records/s`;
  return processorMicros === undefined
    ? rate
    : `${rate}, ${processorMicros.toFixed(1)} µs of processor time each`;
}

function numbersOf(measurement: Measurement): Row {
  return [
    measurement.operationsPerSecond.toFixed(0),
    measurement.slowest.toFixed(0),
    measurement.fastest.toFixed(0),
    measurement.p50Ms.toFixed(2),
    measurement.p99Ms.toFixed(2),
    measurement.processorMicros?.toFixed(1) ?? "",
  ];
}

function ratiosOf(
  workload: ComparedWorkload,
  { stator, dynalite, "bare-http": bareHttp, engine }: Partial<Record<SubjectName, Measurement>>,
): Row[] {
  if (stator === undefined) return [];
  const aim = aims[workload];
  const times = (value: number): string => `${value.toFixed(1)} ×`;
  const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
  const row = (
    title: string,
    peer: Measurement | undefined,
    { wanted, format }: { wanted: number | undefined; format: (value: number) => string },
  ): Row[] => {
    if (peer === undefined) return [];
    const ratio = stator.operationsPerSecond / peer.operationsPerSecond;
    const verdict = wanted === undefined ? "" : ratio >= wanted ? "reached" : "MISSED";
    return [[workload, title, wanted === undefined ? "" : format(wanted), format(ratio), verdict]];
  };
  return [
    ...row("against dynalite", dynalite, { wanted: aim.dynaliteTimes, format: times }),
    ...row("of bare HTTP", bareHttp, { wanted: aim.bareHttpShare, format: percent }),
    ...row("of the raw engine", engine, { wanted: aim.engineShare, format: percent }),
  ];
}

export function triggersReport(lags: readonly TriggerLag[]): string {
  return table([
    ["trigger lag", "records", "records/s", "p50 ms", "p99 ms", "longest ms"],
    ...lags.map(({ connections, records, recordsPerSecond, p50Ms, p99Ms, longestMs }): Row => [
      `${connections} connection${connections === 1 ? "" : "s"}`,
      ...[String(records), recordsPerSecond.toFixed(0)],
      ...[p50Ms, p99Ms, longestMs].map((ms) => ms.toFixed(1)),
    ]),
  ]);
}

/** Items a second against those of another workload, and the processor time of each. */
function besideOf(workload: ComparedWorkload, comparison: Comparison): Row[] {
  const { beside } = aims[workload];
  const [own, other] = [comparison[workload]?.stator, beside && comparison[beside.workload]?.stator];
  if (beside === undefined || own === undefined || other === undefined) return [];
  const { itemsEach } = beside;
  const rate = (own.operationsPerSecond * itemsEach) / other.operationsPerSecond;
  const cost = (own.processorMicros ?? Number.NaN) / itemsEach / (other.processorMicros ?? Number.NaN);
  const per = itemsEach === 1 ? "" : " per item";
  return [
    [workload, `of ${beside.workload}${per}`, "", `${(rate * 100).toFixed(0)} %`, `cpu × ${cost.toFixed(2)}`],
  ];
}

/** Left-aligned words, right-aligned numbers. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: Row): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        return /^[\d<×]/.test(cell) && column > 0 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)].join("\n");
}

/** `Object.entries` that keeps the names' type and leaves out what is undefined. */
function entriesOf<Name extends string, Value>(
  record: Partial<Record<Name, Value>>,
): (readonly [name: Name, value: Value])[] {
  return Object.entries(record).filter((entry): entry is [Name, Value] => entry[1] !== undefined);
}
