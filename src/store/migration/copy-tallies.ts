import { talliedTables, talliesOf } from "./catalog-tables.ts";
import { statisticsKey } from "../keyspace.ts";
import type { Migration } from "./migration.ts";
import { takeStep, type MigrationRecord } from "./migration-record.ts";

const tablesAtOnce = 100;

/**
 * Adds the source's tallies to the target's, which are none. Each step is taken once, so that nothing is added twice.
 */
export async function copyTallies(
  { source, target, onProgress }: Migration,
  record: MigrationRecord,
): Promise<MigrationRecord> {
  const tableIds = await talliedTables(source);
  let copied = record;
  for (;;) {
    const { afterTable = 0 } = copied;
    const some = tableIds.filter((id) => id > afterTable).slice(0, tablesAtOnce);
    const last = some.at(-1);
    const next: MigrationRecord =
      last === undefined
        ? { ...copied, phase: "verification" }
        : { ...copied, phase: "tallies", afterTable: last };
    const tallies = await talliesOf(source, some);
    await takeStep(target, { from: copied, to: next }, (transaction) => {
      some.forEach((id, index) => {
        for (const [part, amounts] of tallies[index] ?? []) {
          transaction.add(statisticsKey(id), part, amounts);
        }
      });
    });
    copied = next;
    if (last === undefined) return copied;
    onProgress(copied);
  }
}
