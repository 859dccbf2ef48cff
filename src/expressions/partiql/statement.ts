import type { Item } from "../../model/attribute-value.ts";
import type { ServiceError } from "../../model/errors.ts";
import type { Condition } from "../evaluate.ts";
import type { Update } from "../update.ts";
import type { RowProjection } from "./row-projection.ts";

/** A PartiQL statement with its parameters in place, ready to be planned against the table it names. */
export type Statement =
  SelectStatement | InsertStatement | UpdateStatement | DeleteStatement | ExistsStatement;

/** What a statement reads or writes, as written: whether there is such a table or index is not known yet. */
export interface Source {
  readonly table: string;
  readonly index?: string | undefined;
}

export interface SelectStatement {
  readonly kind: "select";
  readonly source: Source;
  /** Absent: `*`. */
  readonly projection?: RowProjection | undefined;
  /** What is wrong with the columns, where the service first looks at the index that they come from. */
  readonly columnFault?: ServiceError | undefined;
  readonly where?: Condition | undefined;
  /** In the order of the statement; often empty. */
  readonly orderBy: readonly SortTerm[];
}

export interface SortTerm {
  readonly name: string;
  readonly descending: boolean;
}

export interface InsertStatement {
  readonly kind: "insert";
  readonly source: Source;
  /** Checked as any item of a request, but for its key and its size. */
  readonly item: Item;
}

export interface UpdateStatement {
  readonly kind: "update";
  readonly source: Source;
  readonly update: Update;
  readonly where?: Condition | undefined;
  readonly returning?: Returning | undefined;
}

export interface DeleteStatement {
  readonly kind: "delete";
  readonly source: Source;
  readonly where?: Condition | undefined;
  /** ALL OLD, if anything: nothing else may stand in a DELETE. */
  readonly returning?: Returning | undefined;
}

/** A condition check: only transactions have it. */
export interface ExistsStatement {
  readonly kind: "exists";
  readonly source: Source;
  readonly select: SelectStatement;
}

/** `RETURNING <attributes> <image> *`. */
export interface Returning {
  readonly attributes: "all" | "modified";
  readonly image: "old" | "new";
}
