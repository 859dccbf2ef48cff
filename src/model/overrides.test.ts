import assert from "node:assert/strict";
import test from "node:test";
import { enumOrders, memberOrders, memberShapes, moreRequired, newerEnums } from "./overrides.ts";
import { shapes } from "./shapes.generated.ts";

function enumOf(name: string): readonly string[] {
  const shape = shapes[name];
  return shape?.type === "string" ? (shape.enum ?? []) : [];
}

function membersOf(name: string): readonly string[] {
  const shape = shapes[name];
  return shape?.type === "structure" ? Object.keys(shape.members) : [];
}

test("an enumeration in another order has the model's values", () => {
  for (const [name, values] of Object.entries(enumOrders)) {
    assert.deepEqual(values.toSorted(), enumOf(name).toSorted(), name);
  }
});

test("overrides speak of enumerations and members that the model has", () => {
  for (const name of Object.keys(newerEnums)) assert.notDeepEqual(enumOf(name), [], name);
  for (const [name, members] of [...Object.entries(memberShapes), ...Object.entries(moreRequired)]) {
    const named = Array.isArray(members) ? (members as readonly string[]) : Object.keys(members);
    assert.deepEqual(
      named.filter((member) => !membersOf(name).includes(member)),
      [],
      name,
    );
  }
  const everyMember = new Set(Object.keys(memberOrders).flatMap(membersOf));
  const ordered = Object.values(memberOrders).flat();
  assert.deepEqual(
    ordered.filter((member) => !everyMember.has(member)),
    [],
  );
});
