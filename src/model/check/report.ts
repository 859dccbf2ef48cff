/** What is wrong with a request so far, and the place that is being looked at. */
export interface Report {
  /** Whether the newer front layer reads the request: it words some findings differently. */
  readonly newer: boolean;
  readonly path: Segment[];
  readonly findings: string[];
}

/** One step of a path: a member, spelled differently by the two layers, or an element. */
export type Segment = string | { readonly older: string; readonly newer: string };

/** Looks at one value and notes what is wrong with it. */
export type Check = (value: unknown, report: Report) => void;

/** The present place as the texts show it: `requestItems.t.member.keys`. */
export function pathOf(report: Report, layer: "older" | "newer"): string {
  return report.path.map((segment) => (typeof segment === "string" ? segment : segment[layer])).join(".");
}
