import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  arbitraryCondition,
  arbitraryProjection,
  arbitrarySoup,
  arbitraryUpdate,
} from "../../test/fixtures/arbitrary-expressions.ts";
import { printCondition, printProjection, printUpdate } from "../../test/fixtures/print-expressions.ts";
import { RequestError } from "../model/errors.ts";
import { parseCondition } from "./condition-parser.ts";
import { parseProjection } from "./projection-parser.ts";
import { readExpressions, type ExpressionTexts } from "./request.ts";
import { parseUpdate } from "./update-parser.ts";

test("a printed condition parses into the same tree", () => {
  fc.assert(
    fc.property(arbitraryCondition, (text) => {
      const parsed = parseCondition("ConditionExpression", text);
      assert.deepEqual(parseCondition("ConditionExpression", printCondition(parsed)), parsed);
    }),
    { numRuns: 500 },
  );
});

test("a printed update parses into the same tree", () => {
  fc.assert(
    fc.property(arbitraryUpdate, (text) => {
      const parsed = parseUpdate(text);
      assert.deepEqual(parseUpdate(printUpdate(parsed)), parsed);
    }),
    { numRuns: 500 },
  );
});

test("a printed projection parses into the same tree", () => {
  fc.assert(
    fc.property(arbitraryProjection, (text) => {
      const parsed = parseProjection(text);
      assert.deepEqual(parseProjection(printProjection(parsed)), parsed);
    }),
  );
});

test("no text is worse than refused", () => {
  const anyText = fc.oneof(arbitrarySoup, arbitraryCondition, arbitraryUpdate, fc.string({ unit: "binary" }));
  const parameter = fc.constantFrom<keyof ExpressionTexts>(
    ...(["condition", "filter", "keyCondition", "projection", "update"] as const),
  );
  const values = { ":v": { N: "1" }, ":w": { S: "x" }, ":0": { L: [] }, ":constructor": { SS: ["a"] } };
  fc.assert(
    fc.property(anyText, parameter, fc.constantFrom("enveloped", "older"), (text, name, wording) => {
      try {
        readExpressions(
          { [name]: text, names: { "#n": "n", "#0": "[0]", "#__proto__": "__proto__" }, values },
          wording,
        );
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
