/**
 * Writes `docs/compatibility.md`: which operations work, from the registry, and the known differences.
 *
 * usage: node --import tsx scripts/generate-compatibility.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { compatibilityPage } from "./compatibility/compatibility-page.ts";

const docs = new URL("../docs/", import.meta.url);
const differences = readFileSync(new URL("known-differences.md", docs), "utf8");
writeFileSync(new URL("compatibility.md", docs), compatibilityPage(differences));
