import type { EncodedItem } from "./encoded-item.ts";

interface Members {
  readonly S: string;
  /** A decimal number as text. */
  readonly N: string;
  /** Bytes in base64. */
  readonly B: string;
  readonly BOOL: boolean;
  readonly NULL: true;
  readonly SS: readonly string[];
  readonly NS: readonly string[];
  readonly BS: readonly string[];
  readonly L: readonly AttributeValue[];
  readonly M: Item;
}

/** The ten types of an attribute value, by their wire names. */
export type AttributeKind = keyof Members;

type Only<Kind extends AttributeKind> = { readonly [Member in Kind]: Members[Member] } & {
  readonly [Member in Exclude<AttributeKind, Kind>]?: never;
};

/**
 * One attribute value in wire form: an object with exactly one member. `value.S !== undefined` narrows.
 * Once `values/check` has passed it, numbers are canonical and sets hold no duplicates.
 */
export type AttributeValue = { readonly [Kind in AttributeKind]: Only<Kind> }[AttributeKind];

/**
 * Attributes by name. Names come from clients and may be `__proto__` or `constructor`: read members with
 * `attributeOf` and build new ones with `emptyItem`, never by plain indexing.
 */
export interface Item {
  readonly [name: string]: AttributeValue;
}

/** An item in an answer: parsed, or still the stored bytes. */
export type AttributeMap = Item | EncodedItem;

/** The member of `item` called `name`, or undefined: inherited names such as `constructor` are not attributes. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** A new item to fill: it has no prototype, so that any name can be assigned. */
export function emptyItem(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}

/** The kind of a checked value. */
export function kindOf(value: AttributeValue): AttributeKind {
  for (const kind in value) return kind as AttributeKind;
  throw new TypeError("an attribute value has exactly one member");
}
