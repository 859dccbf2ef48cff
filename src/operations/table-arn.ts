/** Amazon resource names of tables. */
import { brokenTableRules } from "../model/check/table-reference.ts";
import type { Scope } from "../store/table.ts";

export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** What follows the fifth colon, such as `table/Music/index/by-year`. */
  readonly resource: string;
}

export function tableArn({ region, accountId }: Scope, name: string): string {
  return `arn:${partitionOf(region)}:dynamodb:${region}:${accountId}:table/${name}`;
}

export function streamArn(scope: Scope, tableName: string, label: string): string {
  return `${tableArn(scope, tableName)}/stream/${label}`;
}

/** Undefined where `text` has too few parts to be an ARN. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(":");
  if (prefix !== "arn" || partition === undefined || service === undefined) return undefined;
  if (region === undefined || accountId === undefined || resource.length === 0) return undefined;
  return { partition, service, region, accountId, resource: resource.join(":") };
}

export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

export function isTableName(text: string): boolean {
  return !text.startsWith("arn:") && brokenTableRules(text).length === 0;
}
