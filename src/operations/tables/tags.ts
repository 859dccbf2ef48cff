/** The rules of tags, the same wherever tags come from. */
import { foreignAccount } from "../../model/messages/tables.ts";
import {
  duplicateTagKey,
  invalidResourceArn,
  invalidTagKey,
  invalidTagValue,
  missingResourceArn,
  notAnArn,
  notDynamoDbArn,
  notTaggable,
  reservedTagKey,
  resourceArnNotFound,
  tooManyTags,
} from "../../model/messages/tags.ts";
import type { Tag } from "../../model/types.generated.ts";
import type { Scope, Table } from "../../store/table.ts";
import type { Context } from "../operation.ts";
import { isTableName, parseArn, partitionOf } from "../table-arn.ts";
import { findTable } from "../table-reference.ts";
import { statusOf } from "./table-status.ts";

const tagsMax = 50;
const keyLengthMax = 128;
const valueLengthMax = 256;
/** Letters, digits and blanks of any script, and little punctuation. */
const allowed = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

/** All of them or none: the first bad one refuses the request. */
export function checkTags(tags: readonly Tag[]): void {
  // Members that are missing are these rules' to refuse, not the model's, so the types promise too much here.
  const given: readonly Partial<Tag>[] = tags;
  for (const { Key, Value } of given) {
    checkTagKey(Key);
    if (Value === undefined || Value.length > valueLengthMax || !allowed.test(Value)) {
      throw invalidTagValue(Value ?? "null");
    }
  }
  checkTagCount(tags);
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (keys.has(Key)) throw duplicateTagKey(Key);
    keys.add(Key);
  }
}

export function checkTagKey(key: string | undefined): void {
  if (key === undefined || key.length < 1 || key.length > keyLengthMax || !allowed.test(key)) {
    throw invalidTagKey(key ?? "null");
  }
  if (key.toLowerCase().startsWith("aws:")) throw reservedTagKey(key);
}

export function checkTagCount(tagsOrKeys: readonly unknown[]): void {
  if (tagsOrKeys.length > tagsMax) throw tooManyTags();
}

/** The tags with `changes` on top: values of known keys are replaced where they stand. */
export function mergeTags(before: readonly Tag[], changes: readonly Tag[]): readonly Tag[] {
  const values = new Map([...before, ...changes].map(({ Key, Value }) => [Key, Value]));
  checkTagCount([...values]);
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}

/** What can be said of a resource's ARN before it is looked up. */
export function checkResourceArn(arn: string | undefined): void {
  if (arn === undefined || arn === "") throw missingResourceArn();
  if (!arn.startsWith("arn:")) throw notAnArn(arn);
  const { service, resource = "" } = parseArn(arn) ?? {};
  const [kind, name = "", part] = resource.split("/");
  const known = part === undefined || part === "index" || part === "stream";
  if (service !== "dynamodb" || kind !== "table" || !known) throw notDynamoDbArn(arn);
  if (part === "index") throw notTaggable(arn);
  if (!isTableName(name)) throw invalidResourceArn(arn);
}

/** The table that a checked ARN names, for requests about its tags. */
export async function taggedTable(context: Context, arn: string): Promise<Table> {
  const name = checkOwnResource(arn, context.caller);
  const table = await findTable(context, name);
  if (table === undefined) throw resourceArnNotFound(arn);
  const status = statusOf(table.definition, context.clock.now());
  if (status !== "ACTIVE" && status !== "UPDATING") throw resourceArnNotFound(arn);
  return table;
}

function checkOwnResource(arn: string, caller: Scope): string {
  const { partition, region, accountId, resource = "" } = parseArn(arn) ?? {};
  if (accountId !== caller.accountId) throw foreignAccount();
  if (region !== caller.region || partition !== partitionOf(caller.region)) throw invalidResourceArn(arn);
  return resource.split("/")[1] ?? "";
}
