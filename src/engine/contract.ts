/** What every engine must do: an engine's own test opens it and names, with a reason, what it cannot do. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContractCase } from "./contract/contract-case.ts";
import { entryCases } from "./contract/entry-cases.ts";
import { exchangeCases } from "./contract/exchange-cases.ts";
import { isolationCases } from "./contract/isolation-cases.ts";
import { lifeCases } from "./contract/life-cases.ts";
import { oracleCases } from "./contract/oracle-cases.ts";
import { scanCases } from "./contract/scan-cases.ts";
import { snapshotCases } from "./contract/snapshot-cases.ts";
import type { Engine } from "./engine.ts";

const cases: readonly ContractCase[] = [
  ...entryCases,
  ...scanCases,
  ...snapshotCases,
  ...isolationCases,
  ...exchangeCases,
  ...lifeCases,
  ...oracleCases,
];

/** Titles of cases that an engine leaves out, each with its reason. */
export type Exceptions = Readonly<Record<string, string>>;

/** Tests one engine. `open` answers an empty one each time; the suite closes it. */
export function describeEngine(
  name: string,
  open: () => Engine | Promise<Engine>,
  exceptions: Exceptions = {},
): void {
  describe(`${name} keeps the engine contract`, { concurrency: false }, () => {
    test("every exception names a case", () => {
      const titles = new Set(cases.map(({ title }) => title));
      assert.deepEqual(
        Object.keys(exceptions).filter((title) => !titles.has(title)),
        [],
      );
    });
    for (const one of cases) {
      test(one.title, { skip: exceptions[one.title] ?? false }, () => withEngine(open, one));
    }
  });
}

async function withEngine(open: () => Engine | Promise<Engine>, { run }: ContractCase): Promise<void> {
  const engine = await open();
  let closed = false;
  const close = async () => {
    if (!closed) await engine.close();
    closed = true;
  };
  try {
    await run(engine, close);
  } finally {
    await close();
  }
}
