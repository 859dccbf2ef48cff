import { unreachable } from "../../base/assert.ts";
import { mapChanged } from "../../base/list.ts";
import type { AttributeValue } from "../../model/attribute-value.ts";
import { wrongParameterCount } from "../../model/messages/partiql.ts";
import { checkItem, checkValue } from "../../values/check.ts";
import { checkStatementCondition } from "../check-condition.ts";
import type { Condition } from "../evaluate.ts";
import { TextCache } from "../text-cache.ts";
import type { ConditionTemplate } from "./condition-builder.ts";
import {
  boundItem,
  prepareStatement,
  type PreparedStatement,
  type SelectTemplate,
  type StatementTemplate,
} from "./prepare-statement.ts";
import { boundScope } from "./slots.ts";
import type { SelectStatement, Statement } from "./statement.ts";
import { boundUpdate } from "./update-builder.ts";

// Clients send few different statements, very often, with other parameters.
const cachedMax = 500;
const statements = new TextCache<PreparedStatement>(cachedMax);

/** Reads a statement and puts its parameters in place; refuses the first fault, of the parameters sooner. */
export function readStatement(text: string, parameters: readonly AttributeValue[]): Statement {
  const checked = checkParameters(parameters);
  const prepared = statements.get(text, prepareStatement);
  if (prepared.parameters !== checked.length) throw wrongParameterCount();
  return bound(prepared.template, checked);
}

/**
 * The parameters as they are kept. In a transaction the service looks at those of all statements before it reads any:
 * so this stands alone, too.
 */
export function checkParameters(parameters: readonly AttributeValue[]): readonly AttributeValue[] {
  return mapChanged(parameters, (parameter) => checkValue(parameter, "older"));
}

function bound(template: StatementTemplate, parameters: readonly AttributeValue[]): Statement {
  const { kind, source } = template;
  switch (kind) {
    case "select":
      return boundSelect(template, parameters);
    case "insert":
      return { kind, source, item: checkItem(boundItem(template.item, parameters), "older") };
    case "update": {
      const { returning } = template;
      const update = boundUpdate(template.update, parameters);
      return { kind, source, update, where: boundCondition(template.where, parameters), returning };
    }
    case "delete": {
      const { returning } = template;
      return { kind, source, where: boundCondition(template.where, parameters), returning };
    }
    case "exists":
      return { kind, source, select: boundSelect(template.select, parameters) };
    default:
      return unreachable(kind);
  }
}

function boundSelect(template: SelectTemplate, parameters: readonly AttributeValue[]): SelectStatement {
  return { ...template, where: boundCondition(template.where, parameters) };
}

function boundCondition(
  template: ConditionTemplate | undefined,
  parameters: readonly AttributeValue[],
): Condition | undefined {
  if (template === undefined) return undefined;
  const { tree } = template;
  const scope = boundScope(template, parameters);
  checkStatementCondition(tree, scope);
  return { tree, scope };
}
