import { assert } from "../../base/assert.ts";
import { lambdaShapes } from "../lambda/shapes.ts";
import { enumOrders, memberOrders, memberShapes, moreRequired, shapeOverrides } from "../overrides.ts";
import type { Shape } from "../shape.ts";
import { shapes } from "../shapes.generated.ts";

const moreShapes: Readonly<Record<string, Shape>> = lambdaShapes;

/** The shape called `name`: the service's behaviour where it is known to differ from its model, else the model. */
export function shapeNamed(name: string): Shape {
  const shape = shapeOverrides[name] ?? shapes[name] ?? moreShapes[name];
  assert(shape !== undefined, `the model has no shape ${name}`);
  if (shape.type === "structure") {
    return {
      ...shape,
      members: inOrder({ ...shape.members, ...memberShapes[name] }, memberOrders[name] ?? []),
      required: [...(shape.required ?? []), ...(moreRequired[name] ?? [])],
    };
  }
  const values = enumOrders[name];
  return values === undefined || shape.type !== "string" ? shape : { ...shape, enum: values };
}

function inOrder(
  members: Readonly<Record<string, string>>,
  first: readonly string[],
): Record<string, string> {
  const ordered: Record<string, string> = {};
  for (const name of [...first, ...Object.keys(members)]) {
    const shape = members[name];
    if (shape !== undefined) ordered[name] = shape;
  }
  return ordered;
}
