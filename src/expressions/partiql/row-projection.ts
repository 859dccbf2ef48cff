import { emptyItem } from "../../model/attribute-value.ts";
import type { Item } from "../../model/attribute-value.ts";
import type { Path } from "../ast.ts";
import { valueIn } from "../scope.ts";

/** The columns of a SELECT: unlike the projection of an expression, each is named by the end of its path. */
export interface RowProjection {
  readonly columns: readonly Column[];
  /** The top-level attributes that the columns look at or into, in the order of the statement. */
  readonly attributes: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly path: Path;
}

/** The row that `projection` makes of `item`: columns whose path leads nowhere are left out. */
export function projectRow({ columns }: RowProjection, item: Item): Item {
  const row = emptyItem();
  for (const { name, path } of columns) {
    const value = valueIn(item, path);
    if (value !== undefined) row[name] = value;
  }
  return row;
}
