import type { AttributeValue } from "../../model/attribute-value.ts";
import type { Operand, Path } from "../ast.ts";
import type { Scope } from "../scope.ts";

/** What stands in a value slot before the parameters of a request are known. */
export type SlotValue = { readonly constant: AttributeValue } | { readonly parameter: number };

/** What stands in the slots of one tree. */
export interface Slots {
  readonly paths: readonly Path[];
  readonly values: readonly SlotValue[];
}

/** Gives out the slots of one tree while it is built. */
export class SlotList implements Slots {
  readonly paths: Path[] = [];
  readonly values: SlotValue[] = [];

  path(path: Path): number {
    return this.paths.push(path) - 1;
  }

  value(value: SlotValue): number {
    return this.values.push(value) - 1;
  }

  constant(constant: AttributeValue): Operand {
    return { kind: "value", slot: this.value({ constant }) };
  }
}

/** The slots of a tree in one request. There are as many parameters as the statement has. */
export function boundScope({ paths, values }: Slots, parameters: readonly AttributeValue[]): Scope {
  return { paths, values: values.map((value) => boundValue(value, parameters)) };
}

export function boundValue(
  value: SlotValue,
  parameters: readonly AttributeValue[],
): AttributeValue | undefined {
  return "constant" in value ? value.constant : parameters[value.parameter];
}
