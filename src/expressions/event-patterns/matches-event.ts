import { unreachable } from "../../base/assert.ts";
import type { EventPattern, FieldPattern, Matcher, ScalarMatcher } from "./event-pattern.ts";

/** Whether an event, which is JSON of any shape, is as the pattern has it. */
export function matchesEvent(pattern: EventPattern, event: unknown): boolean {
  if (!Array.isArray(event)) return matchesObject(pattern, event);
  // What a pattern says of the members of a list must hold of one of them, all at once.
  const objects = event.filter(isObject);
  return objects.length === 0
    ? matchesObject(pattern, undefined)
    : objects.some((member) => matchesEvent(pattern, member));
}

/** Of what is no object, no field exists. */
function matchesObject({ fields, alternatives }: EventPattern, event: unknown): boolean {
  return (
    fields.every((field) => matchesField(field, event)) &&
    alternatives.every((patterns) => patterns.some((pattern) => matchesEvent(pattern, event)))
  );
}

function matchesField({ name, expected }: FieldPattern, event: unknown): boolean {
  const value = isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
  if (expected.kind === "object") return matchesEvent(expected.pattern, value);
  return expected.matchers.some((matcher) => matchesValue(matcher, value));
}

/** A list is as expected where one of its members is. */
function matchesValue(matcher: Matcher, value: unknown): boolean {
  if (matcher.kind === "exists") return isThere(value) === matcher.exists;
  if (Array.isArray(value)) return value.some((member) => matchesValue(matcher, member));
  if (value === undefined || isObject(value)) return false;
  if (matcher.kind !== "anything-but") return matchesScalar(matcher, value);
  return !matcher.matchers.some((excepted) => matchesScalar(excepted, value));
}

/** Only values exist, not what leads to them. */
function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isThere);
  return value !== undefined && !isObject(value);
}

function matchesScalar(matcher: ScalarMatcher, value: unknown): boolean {
  switch (matcher.kind) {
    case "equals":
      return value === matcher.value;
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === matcher.text;
    case "prefix":
    case "suffix": {
      if (typeof value !== "string") return false;
      const text = matcher.ignoresCase ? value.toLowerCase() : value;
      return matcher.kind === "prefix" ? text.startsWith(matcher.text) : text.endsWith(matcher.text);
    }
    case "numeric":
      return typeof value === "number" && isBetween(value, matcher);
    default:
      return unreachable(matcher);
  }
}

function isBetween(value: number, { low, high }: Extract<ScalarMatcher, { kind: "numeric" }>): boolean {
  const above = low === undefined || value > low.value || (low.inclusive && value === low.value);
  const below = high === undefined || value < high.value || (high.inclusive && value === high.value);
  return above && below;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
