/** What a record must look like: every field that is named, and one of the values named for each. */
export interface EventPattern {
  readonly fields: readonly FieldPattern[];
  /** Of each list at least one pattern must match too: what `$or` says. */
  readonly alternatives: readonly (readonly EventPattern[])[];
}

export interface FieldPattern {
  readonly name: string;
  readonly expected: FieldExpectation;
}

export type FieldExpectation =
  | { readonly kind: "value"; readonly matchers: readonly Matcher[] }
  | { readonly kind: "object"; readonly pattern: EventPattern };

export type Scalar = string | number | boolean | null;

/** What one value may be. */
export type Matcher =
  | { readonly kind: "exists"; readonly exists: boolean }
  /** Any scalar that none of `matchers` accepts. */
  | { readonly kind: "anything-but"; readonly matchers: readonly ScalarMatcher[] }
  | ScalarMatcher;

export type ScalarMatcher =
  | { readonly kind: "equals"; readonly value: Scalar }
  /** `text` is in lower case where case is ignored. */
  | { readonly kind: "equals-ignore-case"; readonly text: string }
  | {
      readonly kind: "prefix" | "suffix";
      readonly text: string;
      readonly ignoresCase: boolean;
    }
  | {
      readonly kind: "numeric";
      readonly low: NumericBound | undefined;
      readonly high: NumericBound | undefined;
    };

export interface NumericBound {
  readonly value: number;
  readonly inclusive: boolean;
}
