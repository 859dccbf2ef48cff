import { lengthAtLeast, lengthAtMost, matchesPattern } from "../messages/constraints.ts";

/** The shape of members that take a table's name or its ARN. Its model states the ARN's length only. */
export const tableReference = "TableArn";

const arnLengthMax = 1024;
const nameLengthMin = 3;
const nameLengthMax = 255;
const namePattern = "[a-zA-Z0-9_.-]+";
const tableName = new RegExp(`^${namePattern}$`);

/** The rules that `text` breaks as a table's name or ARN, in the order in which they are told. */
export function brokenTableRules(text: string): string[] {
  if (text === "") return [lengthAtLeast(1)];
  if (text.startsWith("arn:")) return text.length > arnLengthMax ? [lengthAtMost(arnLengthMax)] : [];
  if (text.length > nameLengthMax) return [lengthAtMost(nameLengthMax)];
  const rules = tableName.test(text) ? [] : [matchesPattern(namePattern)];
  return text.length < nameLengthMin ? [...rules, lengthAtLeast(nameLengthMin)] : rules;
}

/** All rules for names, as they are told of the keys of a map. */
export function tableNameRules(): string[] {
  return [lengthAtMost(nameLengthMax), lengthAtLeast(nameLengthMin), matchesPattern(namePattern)];
}
