import type {
  EventPattern,
  FieldExpectation,
  FieldPattern,
  Matcher,
  NumericBound,
  Scalar,
  ScalarMatcher,
} from "./event-pattern.ts";

/** The longest text there may be of a pattern, as of the service's model. */
const patternCharactersMax = 4_096;
/** An attribute may be nested 32 levels deep, with two names a level. */
const levelsMax = 100;
/** Numbers beyond are not compared. */
const numericMax = 5e9;

const matcherNames = new Set([
  ...["exists", "anything-but", "prefix", "suffix"],
  ...["equals-ignore-case", "numeric"],
]);

type JsonObject = Readonly<Record<string, unknown>>;

/** From text to pattern; undefined when it is none. */
export function parseEventPattern(text: string): EventPattern | undefined {
  if (text.length > patternCharactersMax) return undefined;
  try {
    return patternOf(JSON.parse(text), 1);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof PatternFault) return undefined;
    throw error;
  }
}

/** Leads out of a pattern that is none, however deep. */
class PatternFault extends Error {
  override readonly name = "PatternFault";
}

function check(condition: boolean): asserts condition {
  if (!condition) throw new PatternFault();
}

function patternOf(json: unknown, level: number): EventPattern {
  check(isObject(json) && level <= levelsMax);
  const fields: FieldPattern[] = [];
  const alternatives: EventPattern[][] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === "$or" && isAlternatives(value)) {
      alternatives.push(value.map((member) => patternOf(member, level + 1)));
    } else fields.push({ name, expected: expectationOf(value, level) });
  }
  check(fields.length + alternatives.length > 0);
  return { fields, alternatives };
}

/** Anything else under `$or` is a field that happens to have this name. */
function isAlternatives(value: unknown): value is readonly JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((member) => isObject(member) && !Object.keys(member).some((name) => matcherNames.has(name)))
  );
}

function expectationOf(value: unknown, level: number): FieldExpectation {
  if (!Array.isArray(value)) return { kind: "object", pattern: patternOf(value, level + 1) };
  check(value.length > 0);
  return { kind: "value", matchers: value.map(matcherOf) };
}

function matcherOf(json: unknown): Matcher {
  if (isScalar(json)) return { kind: "equals", value: json };
  const [name, operand] = onlyMember(json);
  switch (name) {
    case "exists":
      check(typeof operand === "boolean");
      return { kind: "exists", exists: operand };
    case "anything-but":
      return { kind: "anything-but", matchers: exceptionsOf(operand) };
    default:
      return textOrNumberMatcher(name, operand);
  }
}

function textOrNumberMatcher(name: string, operand: unknown): ScalarMatcher {
  switch (name) {
    case "prefix":
    case "suffix":
      return affixOf(name, operand);
    case "equals-ignore-case":
      check(typeof operand === "string");
      return { kind: name, text: operand.toLowerCase() };
    case "numeric":
      return numericOf(operand);
    default:
      throw new PatternFault();
  }
}

function affixOf(kind: "prefix" | "suffix", operand: unknown): ScalarMatcher {
  if (typeof operand === "string") return { kind, text: operand, ignoresCase: false };
  const [name, text] = onlyMember(operand);
  check(name === "equals-ignore-case" && typeof text === "string");
  return { kind, text: text.toLowerCase(), ignoresCase: true };
}

/** What `anything-but` excludes: a scalar, a list of strings or of numbers, or what begins or ends with something. */
function exceptionsOf(operand: unknown): readonly ScalarMatcher[] {
  if (!isObject(operand)) return exceptedValues(operand).map((value) => ({ kind: "equals", value }));
  const [name, excepted] = onlyMember(operand);
  check(name === "prefix" || name === "suffix" || name === "equals-ignore-case");
  const texts = isList(excepted) ? excepted : [excepted];
  check(texts.length > 0);
  return texts.map((text) => {
    check(text !== "");
    return textOrNumberMatcher(name, text);
  });
}

function exceptedValues(operand: unknown): readonly Scalar[] {
  const values = isList(operand) ? operand : [operand];
  check(values.length > 0 && values.every(isScalar));
  check(!isList(operand) || (["string", "number"].includes(typeof values[0]) && isOfOneType(values)));
  return values;
}

function isOfOneType(values: readonly Scalar[]): boolean {
  return values.every((value) => typeof value === typeof values[0]);
}

/** `["=", 5]`, `[">", 0]` or `[">", 0, "<=", 5]`. */
function numericOf(operand: unknown): ScalarMatcher {
  check(isList(operand) && (operand.length === 2 || operand.length === 4));
  const [first, value, second, limit] = operand;
  if (first === "=") {
    const bound = boundOf(value, true);
    check(operand.length === 2);
    return { kind: "numeric", low: bound, high: bound };
  }
  if (first === "<" || first === "<=") {
    check(operand.length === 2);
    return { kind: "numeric", low: undefined, high: boundOf(value, first === "<=") };
  }
  check(first === ">" || first === ">=");
  const low = boundOf(value, first === ">=");
  if (operand.length === 2) return { kind: "numeric", low, high: undefined };
  check(second === "<" || second === "<=");
  const high = boundOf(limit, second === "<=");
  check(low.value < high.value);
  return { kind: "numeric", low, high };
}

function boundOf(value: unknown, inclusive: boolean): NumericBound {
  check(typeof value === "number" && Math.abs(value) <= numericMax);
  return { value, inclusive };
}

function onlyMember(json: unknown): readonly [name: string, value: unknown] {
  check(isObject(json));
  const [member, ...others] = Object.entries(json);
  check(member !== undefined && others.length === 0);
  return member;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
