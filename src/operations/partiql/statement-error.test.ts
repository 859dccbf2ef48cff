import assert from "node:assert/strict";
import { test } from "node:test";
import { ServiceError, type ErrorName } from "../../model/errors.ts";
import { StaleTableError } from "../../store/table-stamp.ts";
import { refusalIn, statementError } from "./statement-error.ts";

const codes: readonly [name: ErrorName, code: string][] = [
  ["ConditionalCheckFailedException", "ConditionalCheckFailed"],
  ["ItemCollectionSizeLimitExceededException", "ItemCollectionSizeLimitExceeded"],
  ["RequestLimitExceeded", "RequestLimitExceeded"],
  ["ValidationException", "ValidationError"],
  ["ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded"],
  ["TransactionConflictException", "TransactionConflict"],
  ["ThrottlingException", "ThrottlingError"],
  ["ResourceNotFoundException", "ResourceNotFound"],
  ["AccessDeniedException", "AccessDenied"],
  ["DuplicateItemException", "DuplicateItem"],
];
for (const [name, code] of codes) {
  test(`a statement that meets ${name} is answered with ${code}`, () => {
    const error = refusalIn(new ServiceError(name, "why"));
    assert.deepEqual(statementError(error), { Code: code, Message: "why", Item: undefined });
  });
}

test("a statement whose table never stands still fails alone", () => {
  const { Code } = statementError(refusalIn(new StaleTableError("changed again")));
  assert.equal(Code, "InternalServerError");
});

test("what is no refusal of a statement ends the batch", () => {
  for (const error of [new TypeError("a bug"), new ServiceError("TableNotFoundException", "why"), "text"]) {
    assert.throws(
      () => refusalIn(error),
      (thrown) => thrown === error,
    );
  }
});
