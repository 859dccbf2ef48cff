import { after } from "node:test";
import { openTestEngines } from "../../../test/postgres/test-engines.ts";
import { describeEngine } from "../contract.ts";

const engines = await openTestEngines();
after(() => engines.close());

describeEngine("postgres", () => engines.open());
