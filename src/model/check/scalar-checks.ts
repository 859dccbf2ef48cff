import {
  echoedValue,
  finding,
  matchesPattern,
  oneOf,
  unechoedValue,
  unnamedEnumeration,
  valueAtLeast,
  valueAtMost,
} from "../messages/constraints.ts";
import { newerEnums } from "../overrides.ts";
import type { ScalarShape } from "../shape.ts";
import { brokenLength } from "./bounds.ts";
import { textOf } from "./json.ts";
import { pathOf, type Check, type Report } from "./report.ts";
import { brokenTableRules, tableReference } from "./table-reference.ts";

/** The check of one scalar; undefined when the model says nothing of its value. */
export function scalarCheck(name: string, shape: ScalarShape): Check | undefined {
  if (name === tableReference) return textCheck(brokenTableRules);
  if (shape.enum !== undefined) return enumCheck(shape.enum, newerEnums[name]);
  if (shape.pattern === undefined && shape.min === undefined && shape.max === undefined) return undefined;
  return shape.type === "string" ? textCheck(brokenTextRules(shape)) : numberCheck(shape);
}

function enumCheck(values: readonly string[], newerValues: readonly string[] | undefined): Check {
  return (value, report) => {
    if (typeof value === "string" && values.includes(value)) return;
    report.findings.push(
      report.newer && newerValues !== undefined
        ? unnamedEnumeration(newerValues)
        : finding(echoedScalar(value, report), oneOf(values)),
    );
  };
}

/** The newer layer found its own words for empty texts only. */
function textCheck(brokenRules: (text: string) => readonly string[]): Check {
  return (value, report) => {
    for (const rule of brokenRules(textOf(value))) {
      const unechoed = report.newer && value === "";
      const subject = unechoed ? unechoedValue(pathOf(report, "newer")) : echoedScalar(value, report);
      report.findings.push(finding(subject, rule));
    }
  };
}

function brokenTextRules(shape: ScalarShape): (text: string) => readonly string[] {
  const pattern = shape.pattern === undefined ? undefined : javaPattern(shape.pattern);
  return (text) => {
    const length = brokenLength(text.length, shape);
    // Neither an empty text nor one that is too long is told to break the pattern; the latter would be slow to match.
    const legible = text !== "" && (shape.max === undefined || text.length <= shape.max);
    const rules = legible && pattern?.test(text) === false ? [matchesPattern(shape.pattern ?? "")] : [];
    return length === undefined ? rules : [...rules, length];
  };
}

function numberCheck({ min = -Infinity, max = Infinity }: ScalarShape): Check {
  return (value, report) => {
    if (typeof value !== "number" || (value >= min && value <= max)) return;
    const subject = report.newer ? unechoedValue(pathOf(report, "newer")) : echoedScalar(value, report);
    report.findings.push(finding(subject, value < min ? valueAtLeast(min) : valueAtMost(max)));
  };
}

function echoedScalar(value: unknown, report: Report): string {
  return echoedValue(String(value), pathOf(report, "older"));
}

/** Java matches the whole text, and knows a class of printable characters by name. */
function javaPattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern.replaceAll("\\p{Print}", "[ -~]")})$`, "u");
}
