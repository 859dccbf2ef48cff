import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { base64Size, canonicalBase64, isCanonicalBase64 } from "./base64.ts";

test("only the standard, padded spelling is canonical", () => {
  for (const text of ["", "AA==", "AAA=", "AAAA", "+/+/", "/w=="]) assert.ok(isCanonicalBase64(text), text);
  for (const text of [
    "A",
    "AA",
    "AB==",
    "AAB=",
    "AA=A",
    "A===",
    "====",
    "-_-_",
    "AA A",
    "AAAé",
    "AAAA\n",
    "\u0100AAA",
  ]) {
    assert.ok(!isCanonicalBase64(text), text);
  }
});

test("a text is canonical exactly where decoding and encoding give it back", () => {
  const text = fc.string({
    unit: fc.constantFrom("A", "B", "Q", "g", "w", "/", "=", "-", "é"),
    maxLength: 9,
  });
  fc.assert(
    fc.property(text, (any) => {
      const again = Buffer.from(any, "base64").toString("base64");
      assert.equal(isCanonicalBase64(any), any === again);
      assert.equal(canonicalBase64(any), again);
    }),
    { numRuns: 2_000 },
  );
});

test("the size is that of the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.equal(base64Size(Buffer.from(bytes).toString("base64")), bytes.length);
    }),
  );
});
