/** One statement of a batch: what is wrong with it is part of the answer, and does not end the batch. */
import type { SelectStatement } from "../../expressions/partiql/statement.ts";
import type { ServiceError } from "../../model/errors.ts";
import { batchReadWithoutKey } from "../../model/messages/statements.ts";
import type { BatchStatementRequest, BatchStatementResponse } from "../../model/types.generated.ts";
import type { ItemRead } from "../../store/store.ts";
import type { Table } from "../../store/table.ts";
import { consistencyOf } from "../consistency.ts";
import { useOfWrite, type CapacityUse } from "../consumed-capacity.ts";
import { withFreshTables } from "../fresh-tables.ts";
import type { PageSource } from "../pages/index-projection.ts";
import type { Context } from "../operation.ts";
import { activeTable } from "../table-reference.ts";
import { readAlone } from "./requested-statement.ts";
import { readSelectPage } from "./select-page.ts";
import { describePlan, planSelect, selectSource } from "./select-plan.ts";
import { refusalIn, statementError } from "./statement-error.ts";
import { applyStatement, planWrite, returnedRow, type WriteStatement } from "./statement-write.ts";

interface RefusedMember {
  readonly kind: "refused";
  readonly error: ServiceError;
}

/** A statement as it is read without data. */
export type Member =
  | RefusedMember
  | {
      readonly kind: "read";
      readonly requested: BatchStatementRequest;
      readonly statement: SelectStatement | WriteStatement;
    };

type ReadMember = Extract<Member, { kind: "read" }>;

export function readMember(requested: BatchStatementRequest): Member {
  try {
    return { kind: "read", requested, statement: readAlone(requested) };
  } catch (error) {
    return { kind: "refused", error: refusalIn(error) };
  }
}

/** A statement held against its table. */
export type PlannedMember =
  RefusedMember | ({ readonly kind: "planned"; readonly member: ReadMember } & Plan);

interface Plan {
  /** The item that the statement reads or writes. */
  readonly target: ItemRead;
  readonly run: () => Promise<Effect>;
}

type Effect = Pick<MemberResult, "use"> & { readonly answer: Omit<BatchStatementResponse, "TableName"> };

export async function planMember(member: Member, context: Context): Promise<PlannedMember> {
  if (member.kind === "refused") return member;
  try {
    const plan = await withFreshTables(
      context,
      () => [member.statement.source.table],
      () => planOf(member, context),
    );
    return { kind: "planned", member, ...plan };
  } catch (error) {
    return { kind: "refused", error: refusalIn(error) };
  }
}

/** What became of a statement. */
export interface MemberResult {
  readonly response: BatchStatementResponse;
  readonly table?: Table | undefined;
  /** Absent where it was refused. */
  readonly use?: CapacityUse | undefined;
}

/** Runs a statement, whatever becomes of the others: it is run again alone when its table changed meanwhile. */
export async function runMember(planned: PlannedMember, context: Context): Promise<MemberResult> {
  // Only what came as far as its table is answered with its name.
  if (planned.kind === "refused") return { response: { Error: statementError(planned.error) } };
  const { member, target } = planned;
  const TableName = member.statement.source.table;
  let first: Plan | undefined = planned;
  try {
    const { answer, use } = await withFreshTables(
      context,
      () => [TableName],
      async () => {
        const plan: Plan = first ?? (await planOf(member, context));
        first = undefined;
        return plan.run();
      },
    );
    return { response: { TableName, ...answer }, table: target.table, use };
  } catch (error) {
    return { response: { TableName, Error: statementError(refusalIn(error)) } };
  }
}

async function planOf({ statement, requested }: ReadMember, context: Context): Promise<Plan> {
  const table = await activeTable(context, statement.source.table);
  if (statement.kind === "select") {
    return planRead(selectSource(statement, table), { statement, requested }, context);
  }
  const write = planWrite(statement, table);
  const showsItem = requested.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
  return {
    target: write,
    async run() {
      const outcome = await applyStatement(context.store, { statement, write, showsItem });
      if (outcome.kind === "refused")
        return { answer: { Error: statementError(outcome.error, outcome.item) } };
      return { answer: { Item: returnedRow(statement, outcome) }, use: useOfWrite(outcome) };
    },
  };
}

function planRead(
  source: PageSource,
  { statement, requested }: { readonly statement: SelectStatement } & Pick<ReadMember, "requested">,
  context: Context,
): Plan {
  if (source.index !== undefined) throw batchReadWithoutKey();
  const plan = planSelect(statement, source, consistencyOf(requested));
  const { reads, filter } = plan;
  const [key, ...others] = reads.kind === "keys" ? reads.keys : [];
  if (key === undefined || others.length > 0 || filter !== undefined) throw batchReadWithoutKey();
  context.log.debug("statement planned", describePlan(plan));
  return {
    target: { table: source.table, key },
    async run() {
      const { rows, use } = await readSelectPage(context.store, plan, { from: { part: 0 }, itemsMax: 1 });
      return { answer: { Item: rows[0] }, use };
    },
  };
}
