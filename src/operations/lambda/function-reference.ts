/** Requests call a function by its name, a part of its ARN or the whole, each with a version or alias or without. */
import { foreignFunctionRegion, malformedFunctionName } from "../../model/messages/event-source-mappings.ts";
import { functionNotFound } from "../../model/messages/functions.ts";
import type { MappedFunction } from "../../store/event-source-mapping.ts";
import type { Scope } from "../../store/table.ts";
import { partitionOf } from "../table-arn.ts";

/** A function as a request names it. */
export interface FunctionReference extends MappedFunction {
  /** Where it is said to be; absent: with the caller. */
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;
const qualifierPattern = /^(?:\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]{1,128})$/;
const accountPattern = /^\d{12}$/;

/** Refuses what names no function, whatever functions there are. */
export function checkFunctionReference(text: string): FunctionReference {
  const reference = partsOf(text.split(":"));
  const { name, qualifier, accountId } = reference;
  const isWellFormed =
    namePattern.test(name) &&
    (qualifier === undefined || qualifierPattern.test(qualifier)) &&
    (accountId === undefined || accountPattern.test(accountId));
  if (!isWellFormed) throw malformedFunctionName(text);
  return reference;
}

/** Three forms: `arn:aws:lambda:region:account:function:name`, `account:function:name` and `name`. */
function partsOf(parts: readonly string[]): FunctionReference {
  if (parts[0] === "arn") {
    const [, , service, region, accountId, resource, name = "", qualifier] = parts;
    const isFunction = service === "lambda" && resource === "function" && parts.length <= 8;
    return isFunction ? { name, qualifier, region, accountId } : noReference;
  }
  if (parts[1] === "function") {
    const [accountId, , name = "", qualifier] = parts;
    return parts.length <= 4 ? { name, qualifier, accountId } : noReference;
  }
  const [name = "", qualifier] = parts[0] === "function" ? parts.slice(1) : parts;
  return parts.length <= 3 ? { name, qualifier } : noReference;
}

/** No function can be called so. */
const noReference: FunctionReference = { name: "" };

/** The function as it is called here; refuses those of other accounts and regions. */
export function checkOwnFunction(
  { name, qualifier, region, accountId }: FunctionReference,
  caller: Scope,
): MappedFunction {
  if (region !== undefined && region !== caller.region) throw foreignFunctionRegion(region, caller.region);
  if (accountId !== undefined && accountId !== caller.accountId) {
    throw functionNotFound(functionArn({ ...caller, accountId }, { name, qualifier }));
  }
  return { name, qualifier };
}

export function functionArn({ region, accountId }: Scope, { name, qualifier }: MappedFunction): string {
  const arn = `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function isSameFunction(one: MappedFunction, other: MappedFunction): boolean {
  return one.name === other.name && one.qualifier === other.qualifier;
}
