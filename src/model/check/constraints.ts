/**
 * The second pass over a request: are the members that must be there present, and all lengths, values, patterns and
 * enumerations as the model says? Checks are made once a shape; what nothing is said of gets no check.
 */
import { absentValue } from "../messages/constraints.ts";
import { toldLast } from "../overrides.ts";
import type { ListShape, MapShape, StructureShape } from "../shape.ts";
import { beanName } from "./bean-name.ts";
import { boundsCheck } from "./bounds.ts";
import { listOf, objectOf, type JsonObject } from "./json.ts";
import type { Check, Report, Segment } from "./report.ts";
import { pathOf } from "./report.ts";
import { scalarCheck } from "./scalar-checks.ts";
import { mapEntriesCheck } from "./map-entries.ts";
import { shapeNamed } from "./shape-named.ts";

interface MemberCheck {
  readonly name: string;
  readonly required: boolean;
  readonly last: boolean;
  readonly segment: Segment;
  readonly check: Check | undefined;
}

/** The check of everything below the shape called `name`; undefined when the model says nothing of it. */
export function checkOf(name: string): Check | undefined {
  // The only shape that holds itself. The model says nothing of its members: `values/check` does.
  if (name === "AttributeValue") return undefined;
  const shape = shapeNamed(name);
  if (shape.type === "structure") return structureCheck(name, shape);
  if (shape.type === "list") return both(boundsCheck(name, shape), elementsCheck(shape));
  if (shape.type === "map") {
    return both(both(boundsCheck(name, shape), mapEntriesCheck(name, shape)), valuesCheck(shape));
  }
  return scalarCheck(name, shape);
}

function both(first: Check | undefined, second: Check | undefined): Check | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (value, report) => {
    first(value, report);
    second(value, report);
  };
}

function structureCheck(name: string, shape: StructureShape): Check | undefined {
  const checks: MemberCheck[] = Object.entries(shape.members)
    .map(([member, target]) => ({
      name: member,
      required: shape.required?.includes(member) === true,
      last: toldLast[name] === member,
      segment: { older: beanName(member), newer: member },
      check: checkOf(target),
    }))
    .filter(({ required, check }) => required || check !== undefined);
  if (checks.length === 0) return undefined;
  return (value, report) => {
    const structure = objectOf(value);
    for (const member of checks) checkMember(structure, member, report);
  };
}

function checkMember(structure: JsonObject, member: MemberCheck, report: Report): void {
  const value = structure[member.name];
  if (value === undefined ? !member.required : member.check === undefined) return;
  if (member.last && report.findings.length > 0) return;
  report.path.push(member.segment);
  if (value === undefined) report.findings.push(absentValue(pathOf(report, "older")));
  else member.check?.(value, report);
  report.path.pop();
}

function elementsCheck(shape: ListShape): Check | undefined {
  const check = checkOf(shape.member);
  if (check === undefined) return undefined;
  return (value, report) => {
    const elements = listOf(value);
    for (let index = 0; index < elements.length; index++) {
      report.path.push(`${index + 1}.member`);
      check(elements[index], report);
      report.path.pop();
    }
  };
}

function valuesCheck(shape: MapShape): Check | undefined {
  const value = shapeNamed(shape.value);
  const check = value.type === "list" ? elementsCheck(value) : checkOf(shape.value);
  if (check === undefined) return undefined;
  return (entries, report) => {
    for (const [key, entry] of Object.entries(objectOf(entries))) {
      report.path.push(`${key}.member`);
      check(entry, report);
      report.path.pop();
    }
  };
}
