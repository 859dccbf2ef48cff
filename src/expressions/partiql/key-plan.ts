import type { AttributeValue, Item } from "../../model/attribute-value.ts";
import type { SortKeyCondition } from "../../values/sort-key-condition.ts";
import type { Condition } from "../evaluate.ts";
import type { KeyAttribute } from "../key-condition.ts";

/** The key of a table or index; what has more than one attribute in a part of it is refused before it comes here. */
export interface PlannedKey {
  readonly partitionKeys: readonly KeyAttribute[];
  readonly sortKeys: readonly KeyAttribute[];
  /** Whether a key names one item at most: true of tables, false of indexes. */
  readonly isUnique: boolean;
}

/** How the items that a WHERE clause asks for are found, cheapest first. */
export type KeyPlan =
  /** Items by their full primary key: tables only. */
  | { readonly kind: "keys"; readonly keys: readonly Item[]; readonly filter?: Condition | undefined }
  /** Parts of item collections, none of which holds an item of another. */
  | {
      readonly kind: "collections";
      readonly collections: readonly CollectionPart[];
      readonly filter?: Condition | undefined;
    }
  | { readonly kind: "scan"; readonly filter?: Condition | undefined };

export interface CollectionPart {
  readonly partitionKey: AttributeValue;
  readonly sortKey?: SortKeyCondition | undefined;
}
