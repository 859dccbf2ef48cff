/**
 * Runs testdata/*.cases. A case is a command, its input, a line of dashes and the expected answer; cases are parted by
 * blank lines, comments start with "# ". `ACCEPT=1` writes the answers that the code gives into the files.
 *
 * Input lines that start with "item ", "key ", ":" or "#" give the item, its key, values and names; the others are the
 * expression.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { ServiceError } from "../model/errors.ts";
import { checkItem } from "../values/check.ts";
import { parseCondition } from "./condition-parser.ts";
import { holds } from "./evaluate.ts";
import { keyConditionOn, type KeyAttribute } from "./key-condition.ts";
import { printCondition, printProjection, printUpdate } from "../../test/fixtures/print-expressions.ts";
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

const folder = new URL("testdata/", import.meta.url);

for (const name of readdirSync(folder)) {
  test(`the cases of ${name}`, () => {
    const file = new URL(name, folder);
    const written = readFileSync(file, "utf8");
    const answered = written
      .trimEnd()
      .split(/\n{2,}/)
      .map(answeredCase)
      .join("\n\n");
    if (process.env["ACCEPT"] === "1") writeFileSync(file, `${answered}\n`);
    else assert.equal(`${answered}\n`, written);
  });
}

/** The case with the answer that the code gives. */
function answeredCase(block: string): string {
  const lines = block.split("\n");
  const question = lines.slice(0, lines.includes("----") ? lines.indexOf("----") : lines.length);
  const [command, ...input] = question.filter((line) => !line.startsWith("# "));
  if (command === undefined) return block;
  const run = commands[command];
  assert(run !== undefined, `unknown command ${command}`);
  return [...question, "----", answerOf(() => run(inputOf(input)))].join("\n");
}

function answerOf(run: () => unknown): string {
  try {
    const answer = run();
    return typeof answer === "string" ? answer : JSON.stringify(answer);
  } catch (error) {
    if (error instanceof ServiceError) return `refused: ${error.message}`;
    throw error;
  }
}

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
