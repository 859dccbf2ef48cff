import { objectOf, type JsonObject } from "./check/json.ts";
import { checkOf } from "./check/constraints.ts";
import type { Check } from "./check/report.ts";
import { shapeNamed } from "./check/shape-named.ts";
import type { Reader } from "./check/read-parts.ts";
import { nestingReadMax, requestReader } from "./check/structure.ts";
import { invalidRequest } from "./errors.ts";
import {
  bareFinding,
  constraintsFailed,
  finding,
  lengthAtLeast,
  unechoedValue,
  unnamedEnumeration,
} from "./messages/constraints.ts";
import { unreadable } from "./messages/requests.ts";
import { nestingTooDeep } from "./messages/values.ts";
import { absentRefusals, emptyRefusals, newerEnums, toldAlone } from "./overrides.ts";
import { inputShapes } from "./shapes.generated.ts";
import type { DynamoDbOperations, DynamoDbStreamsOperations } from "./types.generated.ts";
import type { Wording } from "./wording.ts";

type Operations = DynamoDbOperations & DynamoDbStreamsOperations;

/** What is needed to check the requests of one operation, made at its first request. */
interface Plan {
  readonly operation: string;
  readonly read: Reader;
  readonly check: Check | undefined;
  readonly required: readonly string[];
  readonly alone: readonly AloneMember[];
}

/** A member that the newer layer checks before all others, with the values that it takes and those that it lists. */
interface AloneMember {
  readonly name: string;
  readonly legal: readonly string[];
  readonly listed: readonly string[];
}

const plans = new Map<string, Plan>();

/** Values nested deeper than this make the service read a request by its older layer. */
const newerNestingMax = 62;

/**
 * Gives back the request of `operation` as the service understands it: every member has its type, null and unknown
 * members are gone, required ones are there and the model's constraints hold. Throws the service's own refusal.
 */
export function checkRequest<Name extends keyof Operations>(
  operation: Name,
  wording: Wording,
  request: unknown,
): Operations[Name]["input"] {
  const plan = plans.get(operation) ?? makePlan(operation);
  const nesting = { level: 0, deepest: 0 };
  const input = objectOf(plan.read(request, nesting));
  checkConstraints(plan, input, layerOf(plan, input, nesting.deepest > newerNestingMax ? "older" : wording));
  if (nesting.deepest > nestingReadMax) throw invalidRequest(nestingTooDeep());
  return input;
}

function checkConstraints(plan: Plan, input: JsonObject, wording: Wording): void {
  refuse(absentRefusals[plan.operation], input, (value) => value === undefined);
  if (wording !== "older") checkAlone(plan, input, wording);
  if (plan.check !== undefined) {
    const report = { newer: wording !== "older", path: [], findings: [] };
    plan.check(input, report);
    if (report.findings.length > 0) throw constraintsFailed(report.findings);
  }
  refuse(emptyRefusals[plan.operation], input, isEmpty);
}

/** The newer layer leaves requests that lack a required member to the older one. */
function layerOf(plan: Plan, input: JsonObject, wording: Wording): Wording {
  if (wording === "older") return wording;
  for (const member of plan.required) {
    if (input[member] === undefined) return "older";
  }
  return wording;
}

function refuse(
  refusals: (typeof absentRefusals)[string] | undefined,
  input: JsonObject,
  applies: (value: unknown) => boolean,
): void {
  if (refusals === undefined) return;
  for (const [member, refusal] of Object.entries(refusals)) {
    if (applies(input[member])) throw refusal();
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** What the newer layer looks at first, and tells without looking at the rest. */
function checkAlone(plan: Plan, input: JsonObject, wording: Wording): void {
  if (input["TableName"] === "") {
    throw constraintsFailed([finding(unechoedValue("TableName"), lengthAtLeast(1))]);
  }
  for (const { name, legal, listed } of plan.alone) {
    const value = input[name];
    if (value === undefined || (typeof value === "string" && legal.includes(value))) continue;
    const text = unnamedEnumeration(listed);
    throw wording === "enveloped" ? constraintsFailed([text]) : bareFinding(text);
  }
}

function makePlan(operation: keyof Operations): Plan {
  const name = inputShapes[operation];
  const plan: Plan =
    name === undefined
      ? { operation, read: readNothing, check: undefined, required: [], alone: [] }
      : { operation, read: requestReader(name), check: checkOf(name), ...planMembers(operation, name) };
  plans.set(operation, plan);
  return plan;
}

function planMembers(operation: string, name: string): Pick<Plan, "required" | "alone"> {
  const shape = shapeNamed(name);
  if (shape.type !== "structure") return { required: [], alone: [] };
  const alone = (toldAlone[operation] ?? []).map((member): AloneMember => {
    const target = shape.members[member] ?? "";
    const values = shapeNamed(target);
    const legal = values.type === "string" ? (values.enum ?? []) : [];
    return { name: member, legal, listed: newerEnums[target] ?? legal };
  });
  return { required: shape.required ?? [], alone };
}

/** Requests without members: whatever object is sent, there is nothing in it to read. */
function readNothing(request: unknown): object {
  if (typeof request !== "object" || request === null) throw unreadable();
  return {};
}
