/**
 * Runs testdata/*.cases.
 *
 * Input lines that start with "item ", "key ", ":" or "#" give the item, its key, values and names; the others are the
 * expression.
 */
import assert from "node:assert/strict";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { checkItem } from "../values/check.ts";
import { parseCondition } from "./condition-parser.ts";
import { holds } from "./evaluate.ts";
import { keyConditionOn, type KeyAttribute } from "./key-condition.ts";
import { printCondition, printProjection, printUpdate } from "../../test/fixtures/print-expressions.ts";
import { testCases } from "../../test/fixtures/case-files.ts";
import { parseProjection } from "./projection-parser.ts";
import { project } from "./projection.ts";
import { readExpressions, type Expressions, type ExpressionTexts } from "./request.ts";
import { parseUpdate } from "./update-parser.ts";
import { applyUpdate, statementCharge, updatedAttributes } from "./update.ts";

interface Input {
  readonly text: string;
  readonly item: Item | undefined;
  readonly key: Item;
  readonly names: Record<string, string> | undefined;
  readonly values: Record<string, AttributeValue> | undefined;
}

const commands: Record<string, (input: Input) => unknown> = {
  "parse condition": ({ text }) => printCondition(parseCondition("ConditionExpression", text)),
  "parse update": ({ text }) => printUpdate(parseUpdate(text)),
  "parse projection": ({ text }) => printProjection(parseProjection(text)),
  condition: (input) => holds(the(read(input, "condition").condition), input.item),
  projection: (input) => project(the(read(input, "projection").projection), input.item ?? {}),
  "key condition": (input) => keyRange(input, { partitionKeys: ["pk S"], sortKeys: ["sk N"] }),
  "hash key condition": (input) => keyRange(input, { partitionKeys: ["pk S"], sortKeys: [] }),
  "index key condition": (input) =>
    keyRange(input, { partitionKeys: ["h S", "i N"], sortKeys: ["a S", "b N", "c S", "d B"] }),
  update: (input) => applyUpdate(the(read(input, "update").update), input.item, input.key) ?? "absent",
  "updated old": (input) => images(input, "old"),
  "updated new": (input) => images(input, "new"),
  charge: (input) => statementCharge(the(read(input, "update").update)),
};

function keyRange(
  input: Input,
  schema: { readonly partitionKeys: readonly string[]; readonly sortKeys: readonly string[] },
): unknown {
  const partitionKeys = schema.partitionKeys.map(keyAttribute);
  const sortKeys = schema.sortKeys.map(keyAttribute);
  return keyConditionOn(the(read(input, "keyCondition").keyCondition), { partitionKeys, sortKeys });
}

function keyAttribute(text: string): KeyAttribute {
  const [name = "", type] = text.split(" ");
  assert(type === "S" || type === "N" || type === "B");
  return { name, type };
}

function images(input: Input, image: "old" | "new"): unknown {
  const update = the(read(input, "update").update);
  const after = applyUpdate(update, input.item, input.key);
  return updatedAttributes(update, image, input.item, after) ?? "nothing";
}

function read({ text, names, values }: Input, parameter: keyof ExpressionTexts): Expressions {
  return readExpressions({ [parameter]: text, names, values }, "current");
}

function the<Value>(value: Value | undefined): Value {
  assert(value !== undefined);
  return value;
}

testCases(
  new URL("testdata/", import.meta.url),
  Object.fromEntries(
    Object.entries(commands).map(([name, run]) => [name, (lines: readonly string[]) => run(inputOf(lines))]),
  ),
);

function inputOf(lines: readonly string[]): Input {
  const given = new Map<string, string>();
  const text: string[] = [];
  for (const line of lines) {
    const [, name, value] = /^(item|key|:\w+(?= \{)|#\w+(?= \S+$)) (.+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) given.set(name, value);
    else text.push(line);
  }
  const names = [...given].filter(([name]) => name.startsWith("#"));
  const values = [...given].filter(([name]) => name.startsWith(":"));
  const item = given.get("item");
  return {
    text: text.join("\n"),
    item: item === undefined ? undefined : checkItem(JSON.parse(item) as Item, "current"),
    key: JSON.parse(given.get("key") ?? "{}") as Item,
    names: names.length === 0 ? undefined : Object.fromEntries(names),
    values:
      values.length === 0
        ? undefined
        : Object.fromEntries(values.map(([name, json]) => [name, JSON.parse(json) as AttributeValue])),
  };
}
