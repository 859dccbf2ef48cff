import { unreachable } from "../../base/assert.ts";
import type { BinaryOperator, Expression } from "./syntax.ts";

/** What the service calls an expression that stands where it cannot be used. */
export function operationOf(expression: Expression): string {
  switch (expression.kind) {
    case "name":
      return "Id";
    case "string":
    case "number":
    case "true":
    case "false":
    case "null":
      return "Lit";
    case "missing":
      return "Missing";
    case "parameter":
      return "Parameter";
    case "path":
      return "Path";
    case "list":
      return "List";
    case "bag":
      return "Bag";
    case "struct":
      return "Struct";
    case "call":
      return "Call";
    case "sign":
      return expression.operator === "-" ? "Neg" : "Pos";
    case "not":
      return "Not";
    case "binary":
      return binaryNames[expression.operator];
    case "between":
      return "Between";
    case "is":
      return "IsType";
    default:
      return unreachable(expression);
  }
}

const binaryNames: Readonly<Record<BinaryOperator, string>> = {
  and: "And",
  or: "Or",
  "=": "Eq",
  "<>": "Ne",
  "<": "Lt",
  "<=": "Lte",
  ">": "Gt",
  ">=": "Gte",
  in: "InCollection",
  like: "Like",
  "+": "Plus",
  "-": "Minus",
  "*": "Times",
  "/": "Divide",
  "%": "Modulo",
  "||": "Concat",
};
