import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compatibilityPage } from "./compatibility/compatibility-page.ts";

const docs = new URL("../docs/", import.meta.url);
const differences = readFileSync(new URL("known-differences.md", docs), "utf8");

test("docs/compatibility.md is up to date: run scripts/generate-compatibility.ts when it is not", () => {
  assert.equal(readFileSync(new URL("compatibility.md", docs), "utf8"), compatibilityPage(differences));
});

test("The compatibility page tells working operations from those to come, and every known difference", () => {
  const page = compatibilityPage("# Known differences\n\n- Water is dry.\n");
  assert.match(page, /^\| CreateTable \| works \|$/m);
  assert.match(page, /^\| CreateBackup \| not yet \|$/m);
  assert.match(page, /^\| CreateEventSourceMapping \| works \|$/m);
  assert.ok(page.endsWith("## Known differences\n\n- Water is dry.\n"));
});
