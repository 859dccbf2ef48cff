import type { ServiceError } from "../model/errors.ts";
import type { ExpressionParameter } from "../model/messages/expressions.ts";

/** What can be wrong with a text that has no syntax error. */
export type FaultKind =
  | "candidates"
  | "list index"
  | "misused function"
  | "operators"
  | "parentheses"
  | "path depth"
  | "reserved word"
  | "section"
  | "unknown function";

const limits = ["list index", "path depth", "operators", "candidates"] as const;

const conditionOrder: readonly FaultKind[] = [
  "parentheses",
  "unknown function",
  "misused function",
  "reserved word",
  ...limits,
];

const updateOrder: readonly FaultKind[] = [
  "parentheses",
  "reserved word",
  "unknown function",
  "misused function",
  "section",
  ...limits,
];

/** Collects what is wrong with a text. The service looks for one kind of fault after the other, each from the start. */
export class Faults {
  readonly #order: readonly FaultKind[];
  readonly #faults = new Map<FaultKind, ServiceError>();

  constructor(parameter: ExpressionParameter) {
    this.#order = parameter === "UpdateExpression" ? updateOrder : conditionOrder;
  }

  note(kind: FaultKind, fault: ServiceError): void {
    if (!this.#faults.has(kind)) this.#faults.set(kind, fault);
  }

  /** Throws the fault that the service tells, if any. */
  check(): void {
    if (this.#faults.size === 0) return;
    for (const kind of this.#order) {
      const fault = this.#faults.get(kind);
      if (fault !== undefined) throw fault;
    }
  }
}
