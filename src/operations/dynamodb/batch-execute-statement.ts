import { duplicateKeys } from "../../model/messages/batches.ts";
import { mixedBatch } from "../../model/messages/statements.ts";
import { nameOneItemTwice } from "../items/batch-keys.ts";
import { defineOperation } from "../operation.ts";
import { capacitiesOf } from "../partiql/batch-capacity.ts";
import { planMember, readMember, runMember } from "../partiql/batch-member.ts";
import { statementTables } from "../partiql/requested-statement.ts";

/** Runs up to 25 PartiQL statements, each on one item and on its own: all of them read, or all write. */
export const batchExecuteStatement = defineOperation({
  name: "BatchExecuteStatement",
  effect: "write",
  wording: "older",
  resources: (input) => statementTables(input.Statements),

  prepare(input) {
    const members = input.Statements.map(readMember);
    const kinds = new Set(
      members.flatMap((member) => (member.kind === "refused" ? [] : member.statement.kind === "select")),
    );
    if (kinds.size > 1) throw mixedBatch();
    return { members, capacityDetail: input.ReturnConsumedCapacity };
  },

  async execute({ members, capacityDetail }, context) {
    const planned = await Promise.all(members.map((member) => planMember(member, context)));
    const targets = planned.flatMap((member) => (member.kind === "refused" ? [] : member.target));
    if (nameOneItemTwice(targets)) throw duplicateKeys();
    const results = await Promise.all(planned.map((member) => runMember(member, context)));
    return {
      Responses: results.map(({ response }) => response),
      ConsumedCapacity: capacitiesOf(capacityDetail, results),
    };
  },
});
