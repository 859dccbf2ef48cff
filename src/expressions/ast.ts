/**
 * What the texts of expressions mean before their placeholders do. Trees name paths and values by slot, and a `Scope`
 * says what is in the slots: so a tree never changes, is shared by all requests with the same text, and whatever else
 * compiles to these trees (the older parameters, PartiQL) fills the slots as it likes.
 */

/** One step into an item: an attribute or map member by name, a list element by index. */
export type Step = string | number;

/** From the item to a value in it, first a name. In a parsed text, steps that start with # are placeholders. */
export type Path = readonly Step[];

export type Operand =
  | { readonly kind: "path"; readonly slot: number }
  | { readonly kind: "value"; readonly slot: number }
  | Call
  | Truth;

/** A predicate where a condition is wanted, else a function that gives a value: parsers allow nothing else. */
export interface Call {
  readonly kind: "call";
  readonly name: FunctionName;
  readonly operands: readonly Operand[];
}

/** A condition as an operand of another: a BOOL. Only PartiQL can say it. */
export interface Truth {
  readonly kind: "truth";
  readonly condition: ConditionTree;
}

export type PredicateName =
  "attribute_exists" | "attribute_not_exists" | "attribute_type" | "begins_with" | "contains";

export type FunctionName = PredicateName | "size" | "if_not_exists" | "list_append";

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type ConditionTree =
  | Junction<"and">
  | Junction<"or">
  | { readonly kind: "not"; readonly condition: ConditionTree }
  | Comparison
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | Call;

interface Junction<Kind extends "and" | "or"> {
  readonly kind: Kind;
  readonly left: ConditionTree;
  readonly right: ConditionTree;
}

export interface Comparison {
  readonly kind: "compare";
  readonly comparator: Comparator;
  readonly left: Operand;
  readonly right: Operand;
}

/** What a SET gives its target. */
export type SetValue = Operand | Arithmetic;

export interface Arithmetic {
  readonly kind: "arithmetic";
  readonly operator: "+" | "-";
  readonly left: Operand;
  readonly right: Operand;
}

/** One change of an update. `target` is a path slot; a `value` that is a number is a value slot. */
export type Action =
  | { readonly kind: "set"; readonly target: number; readonly value: SetValue }
  | { readonly kind: "remove"; readonly target: number }
  /** The ADD and DELETE of expressions, and those of AttributeUpdates, which differ in reach and words. */
  | {
      readonly kind: "add" | "delete" | "legacy-add" | "legacy-delete";
      readonly target: number;
      readonly value: number;
    };

export type UpdateTree = readonly Action[];

/** A projection is the list of its path slots. */
export type ProjectionTree = readonly number[];

/** A parsed text: its tree and what stands in the tree's slots, still as written. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly paths: readonly Path[];
  /** With their colon. */
  readonly values: readonly string[];
  /** The name placeholders in the order of their first use, with their #. */
  readonly names: readonly string[];
}
