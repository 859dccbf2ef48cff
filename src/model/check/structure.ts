/**
 * The first pass over a request: is every member of the type that the model says? Members that the model does not
 * know are dropped, null members are absent. What needs no change is given back as it is, not copied.
 */
import { InvariantError } from "../../base/assert.ts";
import { emptyItem } from "../attribute-value.ts";
import {
  unexpectedArray,
  unexpectedObject,
  unexpectedScalarElement,
  unexpectedScalarField,
  unexpectedScalarForCollection,
  unreadable,
} from "../messages/requests.ts";
import type { ListShape, MapShape, StructureShape } from "../shape.ts";
import { isList, isObject } from "./json.ts";
import { javaType } from "./java-type.ts";
import { readElements, readEntries, readMembers, type ElementReader, type Reader } from "./read-parts.ts";
import { scalarReaders } from "./scalar-readers.ts";
import { shapeNamed } from "./shape-named.ts";

/**
 * Values deeper than this are left out, so that no request can exhaust the stack. The service's limit is far lower,
 * so such a request is refused anyway.
 */
export const nestingReadMax = 200;

/** What stands at one place of a request: the decoder's texts differ for members and for elements of a collection. */
type Place = "member" | "element";

/** Readers are made at the first request that needs them: most operations are never called in a process's life. */
const readersMade: Readonly<Record<Place, Map<string, Reader>>> = { member: new Map(), element: new Map() };

/** The reader of a whole request with the structure called `name`. */
export function requestReader(name: string): Reader {
  const read = readerOf(name, "member");
  return (value, nesting) => {
    if (typeof value !== "object" || value === null) throw unreadable();
    return read(value, nesting);
  };
}

function readerOf(name: string, place: Place): Reader {
  const known = readersMade[place].get(name);
  if (known !== undefined) return known;
  // Attribute values hold attribute values: whoever asks while this reader is made gets a way to the finished one.
  let made: Reader | undefined = undefined;
  readersMade[place].set(name, (value, nesting) => (made ?? unfinished)(value, nesting));
  made = makeReader(name, place);
  readersMade[place].set(name, made);
  return made;
}

function unfinished(): never {
  throw new InvariantError("a reader is used before it is made");
}

function makeReader(name: string, place: Place): Reader {
  const shape = shapeNamed(name);
  if (shape.type === "list") return listReader(shape, place);
  if (shape.type === "map") return mapReader(name, shape, place);
  if (shape.type !== "structure") return scalarReaders[shape.type];
  const read = structureReader(name, shape, place);
  return name === "AttributeValue" ? nested(read) : read;
}

/** Counts how deep the values read lie, and reads none that lies too deep. */
function nested(read: Reader): Reader {
  return (value, nesting) => {
    nesting.level += 1;
    if (nesting.level > nesting.deepest) nesting.deepest = nesting.level;
    const result = nesting.level > nestingReadMax ? undefined : read(value, nesting);
    nesting.level -= 1;
    return result;
  };
}

function structureReader(name: string, shape: StructureShape, place: Place): Reader {
  const members = Object.entries(shape.members);
  const readers = new Map(members.map(([member, target]) => [member, readerOf(target, "member")]));
  return (value, nesting) => {
    if (isObject(value)) return readMembers(value, readers, nesting);
    if (isList(value)) throw unexpectedArray(`class ${javaType(name)}`);
    throw place === "member" ? unexpectedScalarField() : unexpectedScalarElement();
  };
}

function mapReader(name: string, shape: MapShape, place: Place): Reader {
  const elements = elementReader(shape.value);
  return (value, nesting) => {
    if (isObject(value)) return readEntries(value, elements, nesting);
    if (isList(value)) throw unexpectedArray(javaType(name));
    throw place === "member" ? unexpectedScalarField() : unexpectedScalarForCollection();
  };
}

function elementReader(name: string): ElementReader {
  return { read: readerOf(name, "element"), absent: emptyElement(name) };
}

function listReader(shape: ListShape, place: Place): Reader {
  const elements = elementReader(shape.member);
  return (value, nesting) => {
    if (isList(value)) return readElements(value, elements, nesting);
    if (isObject(value)) throw unexpectedObject();
    throw place === "member" ? unexpectedScalarField() : unexpectedScalarForCollection();
  };
}

/** A null element is an empty structure or collection, which later checks refuse; a null scalar is no element. */
function emptyElement(name: string): unknown {
  const { type } = shapeNamed(name);
  if (type === "list") return Object.freeze([]);
  return type === "structure" || type === "map" ? Object.freeze(emptyItem()) : undefined;
}
