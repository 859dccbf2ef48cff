import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { compareUtf8, utf8Size, wellFormed } from "./text.ts";

const text = fc.string({ unit: "binary", maxLength: 100 });

test("the size is that of the UTF-8 bytes, also of texts with lone surrogates", () => {
  fc.assert(
    fc.property(text, (any) => {
      assert.equal(utf8Size(any), Buffer.from(any).length);
    }),
  );
  assert.equal(utf8Size("\ud800"), 3);
});

test("texts order as their UTF-8 bytes", () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      const expected = Buffer.compare(Buffer.from(left), Buffer.from(right));
      assert.equal(Math.sign(compareUtf8(left, right)), expected);
    }),
  );
  assert.ok(compareUtf8("a\u{10000}", "a\uffff") > 0);
});

test("well-formed text stays itself", () => {
  assert.equal(wellFormed("\u{1f600}"), "\u{1f600}");
  assert.equal(wellFormed("\ude00\ud83d"), "\ufffd\ufffd");
});
