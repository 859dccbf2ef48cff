/**
 * Runs testdata/*.cases. Input lines that start with "item " or "? " give the item and the parameters; the others are
 * the statement.
 */
import assert from "node:assert/strict";
import { testCases } from "../../../test/fixtures/case-files.ts";
import { printPlan, printStatement } from "../../../test/fixtures/print-statements.ts";
import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import { checkItem } from "../../values/check.ts";
import { holds } from "../evaluate.ts";
import { applyUpdate } from "../update.ts";
import { filteredAttributes, keyPlan, type PlannedKey } from "./key-plan.ts";
import { readStatement } from "./read-statement.ts";
import { projectRow } from "./row-projection.ts";
import type { SelectStatement, Statement } from "./statement.ts";

const partitionKeys = [{ name: "pk", type: "S" }] as const;
const byText: PlannedKey = { partitionKeys, sortKeys: [{ name: "sk", type: "S" }], isUnique: true };
const byNumber: PlannedKey = { partitionKeys, sortKeys: [{ name: "sk", type: "N" }], isUnique: true };
const byHash: PlannedKey = { partitionKeys, sortKeys: [], isUnique: true };

testCases(new URL("testdata/", import.meta.url), {
  statement: (lines) => printStatement(read(lines)),
  row: (lines) => {
    const { projection } = selectOf(lines);
    assert(projection !== undefined);
    return projectRow(projection, itemOf(lines));
  },
  where: (lines) => {
    const { where } = selectOf(lines);
    assert(where !== undefined);
    return holds(where, itemOf(lines));
  },
  updated: (lines) => {
    const statement = read(lines);
    assert(statement.kind === "update");
    return applyUpdate(statement.update, itemOf(lines), {});
  },
  plan: (lines) => printPlan(keyPlan(selectOf(lines).where, byText)),
  "plan by number": (lines) => printPlan(keyPlan(selectOf(lines).where, byNumber)),
  "plan by hash": (lines) => printPlan(keyPlan(selectOf(lines).where, byHash)),
  "plan on index": (lines) => printPlan(keyPlan(selectOf(lines).where, { ...byText, isUnique: false })),
  "filtered attributes": (lines) => {
    const { where } = selectOf(lines);
    assert(where !== undefined);
    return filteredAttributes(where, byText);
  },
});

function selectOf(lines: readonly string[]): SelectStatement {
  const statement = read(lines);
  assert(statement.kind === "select");
  return statement;
}

function read(lines: readonly string[]): Statement {
  const parameters = lines.filter((line) => line.startsWith("? "));
  const text = lines.filter((line) => !line.startsWith("? ") && !line.startsWith("item "));
  return readStatement(
    text.join("\n"),
    parameters.map((line) => JSON.parse(line.slice(2)) as AttributeValue),
  );
}

function itemOf(lines: readonly string[]): Item {
  const line = lines.find((candidate) => candidate.startsWith("item "));
  return checkItem(JSON.parse(line?.slice("item ".length) ?? "{}") as Item, "older");
}
