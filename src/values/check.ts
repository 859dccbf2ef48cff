import { canonicalBase64 } from "../base/base64.ts";
import { mapChanged } from "../base/list.ts";
import { utf8Size, wellFormed } from "../base/text.ts";
import { emptyItem } from "../model/attribute-value.ts";
import type { AttributeKind, AttributeValue, Item } from "../model/attribute-value.ts";
import { invalidRequest } from "../model/errors.ts";
import {
  attributeNameTooLarge,
  emptyAttributeName,
  emptyValue,
  manyTypedValue,
  nestingTooDeep,
  nullNotTrue,
} from "../model/messages/values.ts";
import type { Wording } from "../model/wording.ts";
import { attributeNameBytesMax, nestingLevelsMax } from "./limits.ts";
import { canonicalNumber } from "./number.ts";
import { checkBinarySet, checkNumberSet, checkStringSet } from "./set.ts";

/** The item as it is kept, itself where nothing changes; refuses the first fault in it. */
export function checkItem(item: Item, wording: Wording): Item {
  // The older layer looks at the item's own names first, and at those inside of maps last, as the newer does at all.
  if (wording === "older" && Object.hasOwn(item, "")) throw emptyAttributeName();
  const check = new Check(wording);
  const checked = check.members(item, 1);
  check.finish();
  return checked;
}

/** The value as it is kept, itself where nothing changes; refuses the first fault in it. */
export function checkValue(value: AttributeValue, wording: Wording): AttributeValue {
  const check = new Check(wording);
  const checked = check.value(value, 1);
  check.finish();
  return checked;
}

/** The same for a value in an expression of the older layer, which lets it be a level deeper than an item holds. */
export function checkOlderOperand(value: AttributeValue): AttributeValue {
  const check = new Check("older");
  const checked = check.value(value, 0);
  check.finish();
  return checked;
}

/** One walk through values in the order of the document. */
class Check {
  readonly #wording: Wording;
  #hasEmptyName = false;

  constructor(wording: Wording) {
    this.#wording = wording;
  }

  /** An empty name is a fault of a later step of the service, so that every other fault comes before it. */
  finish(): void {
    if (this.#hasEmptyName) throw emptyAttributeName();
  }

  members(map: Item, level: number): Item {
    let changed: Record<string, AttributeValue> | undefined;
    for (const name in map) {
      this.#name(name);
      const value = map[name];
      if (value === undefined) continue;
      const checked = this.value(value, level);
      if (checked === value) continue;
      changed ??= Object.assign(emptyItem(), map);
      changed[name] = checked;
    }
    return changed ?? map;
  }

  value(given: AttributeValue, level: number): AttributeValue {
    if (level > nestingLevelsMax) throw invalidRequest(nestingTooDeep());
    const value = soleTyped(given);
    if (value.M !== undefined) return this.#map(value, value.M, level);
    if (value.L !== undefined) return this.#list(value, value.L, level);
    return checkSet(checkScalar(value, this.#wording), this.#wording);
  }

  #name(name: string): void {
    if (name === "") this.#hasEmptyName = true;
    // No character takes more than three bytes for each of its code units.
    if (name.length * 3 > attributeNameBytesMax && utf8Size(name) > attributeNameBytesMax) {
      throw attributeNameTooLarge();
    }
  }

  #map(value: AttributeValue, map: Item, level: number): AttributeValue {
    const checked = this.members(map, level + 1);
    return checked === map ? value : { M: checked };
  }

  #list(value: AttributeValue, list: readonly AttributeValue[], level: number): AttributeValue {
    const checked = mapChanged(list, (element) => this.value(element, level + 1));
    return checked === list ? value : { L: checked };
  }
}

function checkScalar(value: AttributeValue, wording: Wording): AttributeValue {
  if (value.S !== undefined) {
    const text = wellFormed(value.S);
    return text === value.S ? value : { S: text };
  }
  if (value.N !== undefined) {
    const number = canonicalNumber(value.N, wording);
    return number === value.N ? value : { N: number };
  }
  if (value.B !== undefined) {
    const bytes = canonicalBase64(value.B);
    return bytes === value.B ? value : { B: bytes };
  }
  // The wire can say NULL: false, which the type excludes.
  if (value.NULL !== undefined && !(value.NULL as boolean)) throw nullNotTrue();
  return value;
}

function checkSet(value: AttributeValue, wording: Wording): AttributeValue {
  if (value.SS !== undefined) {
    const texts = checkStringSet(value.SS, wording);
    return texts === value.SS ? value : { SS: texts };
  }
  if (value.NS !== undefined) {
    const numbers = checkNumberSet(value.NS, wording);
    return numbers === value.NS ? value : { NS: numbers };
  }
  if (value.BS !== undefined) {
    const binaries = checkBinarySet(value.BS, wording);
    return binaries === value.BS ? value : { BS: binaries };
  }
  return value;
}

/** `value` with nothing but the member of its one type; itself where it is so already. */
function soleTyped(value: AttributeValue): AttributeValue {
  let kind: AttributeKind | undefined;
  let members = 0;
  for (const member in value) {
    members++;
    if (!isKind(member) || (value[member] ?? undefined) === undefined) continue;
    if (kind !== undefined) throw manyTypedValue();
    kind = member;
  }
  if (kind === undefined) throw emptyValue();
  // The compiler cannot see that the one member is the kind's own.
  return members === 1 ? value : ({ [kind]: value[kind] } as unknown as AttributeValue);
}

// A switch on names that the engine has interned is several times as fast as a look-up in a set.
function isKind(name: string): name is AttributeKind {
  switch (name) {
    case "S":
    case "N":
    case "B":
    case "BOOL":
    case "NULL":
    case "SS":
    case "NS":
    case "BS":
    case "L":
    case "M":
      return true;
    default:
      return false;
  }
}
