import type { WorkloadName } from "./workloads.ts";

/** What the load generator is asked to do: run one workload for a while, or store items. */
export type Task =
  | {
      readonly kind: "round";
      readonly port: number;
      /** Other servers, which get as many of the connections each as the one of `port`. */
      readonly morePorts?: readonly number[];
      readonly workload: WorkloadName;
      /** Other seeds draw other keys and write other values; default 1. */
      readonly seed?: number;
      readonly items: number;
      readonly connections: number;
      readonly warmUpMs: number;
      readonly measureMs: number;
    }
  | {
      readonly kind: "load";
      readonly port: number;
      /** The table's name. */
      readonly table: string;
      readonly from: number;
      readonly until: number;
    };

/** What one round measured. */
export interface Round {
  readonly operations: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** A task's answer as it crosses the process border. */
export type Report = { readonly round: Round } | { readonly failure: string };

/** Counts and latencies of one round; latencies are in milliseconds, in any order. */
export function summarise(latencies: readonly number[], seconds: number): Round {
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    operations: sorted.length,
    seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    longestMs: sorted.at(-1) ?? 0,
  };
}
