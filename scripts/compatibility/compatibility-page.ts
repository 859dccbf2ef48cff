/** The page that says what works: operations from the registry, differences from the list kept by hand. */
import { lambdaOperations } from "../../src/operations/lambda/lambda-registry.ts";
import { services } from "../../src/operations/registry.ts";

/** The text of `docs/compatibility.md`. `differences` is the text of `docs/known-differences.md`. */
export function compatibilityPage(differences: string): string {
  return [
    "<!-- Written by scripts/generate-compatibility.ts. Do not edit: see docs/known-differences.md. -->",
    "",
    "# Compatibility with Amazon DynamoDB",
    "",
    "Stator answers as the service does in us-east-1, to the letter where the letter is known.",
    "Every operation of the service is known by name; those still to be built answer `UnknownOperationException`",
    "and say that they are not supported yet.",
    "",
    ...services.flatMap(serviceSection),
    ...lambdaSection(),
    "## Known differences",
    "",
    withoutTitle(differences).trim(),
    "",
  ].join("\n");
}

function serviceSection({ title, operations }: (typeof services)[number]): readonly string[] {
  const working = operations.filter(({ supported }) => supported !== false).length;
  const rows = operations.map(
    ({ name, supported }) => `| ${name} | ${supported === false ? "not yet" : "works"} |`,
  );
  const heading = `## ${title}: ${working} of ${operations.length} operations work`;
  return [heading, "", "| Operation | State |", "| --- | --- |", ...rows, ""];
}

/** Not all of Lambda: what triggers need of it. */
function lambdaSection(): readonly string[] {
  const rows = Object.keys(lambdaOperations).map((name) => `| ${name} | works |`);
  const heading = `## Lambda: the ${rows.length} operations that triggers need`;
  return [heading, "", "| Operation | State |", "| --- | --- |", ...rows, ""];
}

function withoutTitle(page: string): string {
  return page.replace(/^# .*\n/, "");
}
