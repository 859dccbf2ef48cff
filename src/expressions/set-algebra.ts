/** Checked sets have one spelling a member, so that their members are told apart as strings. */
import type { AttributeValue } from "../model/attribute-value.ts";

/** The members of both sets; undefined unless they are sets of one type. */
export function setUnion(left: AttributeValue, right: AttributeValue): AttributeValue | undefined {
  return ofAlikeSets(left, right, (members, more) => [...new Set([...members, ...more])]);
}

/** `left` without the members of `right`; undefined unless they are sets of one type. */
export function setDifference(
  left: AttributeValue,
  right: AttributeValue,
): AttributeValue | "empty" | undefined {
  const difference = ofAlikeSets(left, right, (members, gone) => {
    const excluded = new Set(gone);
    return members.filter((member) => !excluded.has(member));
  });
  const members = difference?.SS ?? difference?.NS ?? difference?.BS;
  return members?.length === 0 ? "empty" : difference;
}

type Combine = (left: readonly string[], right: readonly string[]) => readonly string[];

function ofAlikeSets(
  left: AttributeValue,
  right: AttributeValue,
  combine: Combine,
): AttributeValue | undefined {
  if (left.SS !== undefined && right.SS !== undefined) return { SS: combine(left.SS, right.SS) };
  if (left.NS !== undefined && right.NS !== undefined) return { NS: combine(left.NS, right.NS) };
  if (left.BS !== undefined && right.BS !== undefined) return { BS: combine(left.BS, right.BS) };
  return undefined;
}
