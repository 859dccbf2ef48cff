import { EncodedItem } from "../../model/encoded-item.ts";
import { isObject } from "../../model/check/json.ts";
import { AnswerBytes } from "./answer-bytes.ts";

interface JsonObject {
  readonly [name: string]: unknown;
}

/**
 * An operation's output as the bytes of a JSON body: stored items are copied as they are, and undefined members are
 * left out. Members that may hold stored items are told by their names, so that nothing else is searched for them.
 */
export function encodeAnswer(output: object): Buffer {
  const bytes = new AnswerBytes();
  writeStructure(output as JsonObject, bytes);
  return bytes.toBuffer();
}

function writeStructure(structure: JsonObject, bytes: AnswerBytes): void {
  let separator = "{";
  for (const name in structure) {
    const value = structure[name];
    if (value === undefined) continue;
    bytes.text(`${separator}${JSON.stringify(name)}:`);
    separator = ",";
    writeMember(name, value, bytes);
  }
  bytes.text(separator === "{" ? "{}" : "}");
}

function writeMember(name: string, value: unknown, bytes: AnswerBytes): void {
  if (value instanceof EncodedItem) bytes.item(value);
  else if (name === "Items" && Array.isArray(value)) writeItems(value, bytes);
  else if (name === "Responses" || name === "CancellationReasons") writeResponses(value, bytes);
  else if (name === "Records" && Array.isArray(value)) writeStructures(value, bytes);
  else if ((name === "Error" || name === "dynamodb") && isObject(value)) writeStructure(value, bytes);
  else bytes.text(JSON.stringify(value));
}

function writeItems(items: readonly unknown[], bytes: AnswerBytes): void {
  bytes.text("[");
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (index > 0) bytes.text(",");
    if (item instanceof EncodedItem) bytes.item(item);
    else bytes.text(JSON.stringify(item));
  }
  bytes.text("]");
}

/** Either items by table, or one structure an action or statement. */
function writeResponses(responses: unknown, bytes: AnswerBytes): void {
  if (!Array.isArray(responses)) {
    writeItemsByTable(responses as Readonly<Record<string, readonly unknown[]>>, bytes);
    return;
  }
  writeStructures(responses as readonly JsonObject[], bytes);
}

function writeStructures(structures: readonly JsonObject[], bytes: AnswerBytes): void {
  bytes.text("[");
  for (const [index, structure] of structures.entries()) {
    if (index > 0) bytes.text(",");
    writeStructure(structure, bytes);
  }
  bytes.text("]");
}

function writeItemsByTable(tables: Readonly<Record<string, readonly unknown[]>>, bytes: AnswerBytes): void {
  let separator = "{";
  for (const [table, items] of Object.entries(tables)) {
    bytes.text(`${separator}${JSON.stringify(table)}:`);
    separator = ",";
    writeItems(items, bytes);
  }
  bytes.text(separator === "{" ? "{}" : "}");
}
