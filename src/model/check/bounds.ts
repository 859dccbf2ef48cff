import { echoedValue, finding, lengthAtLeast, lengthAtMost, unechoedValue } from "../messages/constraints.ts";
import type { Bounds, ListShape, MapShape } from "../shape.ts";
import { javaEcho } from "./echo.ts";
import { isList, objectOf } from "./json.ts";
import { pathOf, type Check } from "./report.ts";

/** The check of how many elements a list or map has. The newer layer does not show them. */
export function boundsCheck(name: string, shape: ListShape | MapShape): Check | undefined {
  if (shape.min === undefined && shape.max === undefined) return undefined;
  return (value, report) => {
    const length = isList(value) ? value.length : Object.keys(objectOf(value)).length;
    const rule = brokenLength(length, shape);
    if (rule === undefined) return;
    const subject = report.newer
      ? unechoedValue(pathOf(report, "newer"))
      : echoedValue(javaEcho(value, name), pathOf(report, "older"));
    report.findings.push(finding(subject, rule));
  };
}

/** The rule that a length breaks, or undefined. */
export function brokenLength(length: number, { min, max }: Bounds): string | undefined {
  if (min !== undefined && length < min) return lengthAtLeast(min);
  if (max !== undefined && length > max) return lengthAtMost(max);
  return undefined;
}
