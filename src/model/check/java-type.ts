import type { ScalarType } from "../shape.ts";
import { shapeNamed } from "./shape-named.ts";

/** The Java classes that the service's decoder makes of scalars. */
export const javaScalarTypes: Readonly<Record<ScalarType, string>> = {
  string: "java.lang.String",
  boolean: "java.lang.Boolean",
  integer: "java.lang.Integer",
  long: "java.lang.Long",
  double: "java.lang.Double",
  timestamp: "java.util.Date",
  blob: "java.nio.ByteBuffer",
};

/** The Java type that the service's decoder makes of the shape called `name`; some texts show it. */
export function javaType(name: string): string {
  const shape = shapeNamed(name);
  if (shape.type === "structure") return `com.amazonaws.dynamodb.v20120810.${name}`;
  if (shape.type === "list") return `java.util.List<${javaType(shape.member)}>`;
  if (shape.type === "map") return `java.util.Map<java.lang.String, ${javaType(shape.value)}>`;
  return javaScalarTypes[shape.type];
}
