/** What is wrong with the key attributes of indexes in items that are written. None of these is ever prefixed. */
import { invalid, type ServiceError } from "../errors.ts";

type ScalarKind = "S" | "N" | "B";

/** A key attribute, and the index that reports it. */
export interface IndexKey {
  readonly name: string;
  readonly indexName: string;
}

export function indexKeyTypeMismatch(
  { name, indexName }: IndexKey,
  expected: ScalarKind,
  actual: string,
): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${actual} IndexName: ${indexName}`,
  );
}

export function emptyIndexKey({ name, indexName }: IndexKey, kind: ScalarKind): ServiceError {
  return invalid(
    `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${nounOf(kind)} value. IndexName: ${indexName}, IndexKey: ${name}`,
  );
}

export function indexKeyTooLong(
  { name, indexName }: IndexKey,
  sizes: { readonly bytes: number; readonly bytesMax: number },
): ServiceError {
  return invalid(
    `One or more parameter values were invalid: Size limit exceeded for Index Key ${name} Actual Size: ${sizes.bytes} bytes Max Size: ${sizes.bytesMax} bytes IndexName: ${indexName}`,
  );
}

export function indexKeyUpdatedToEmpty(kind: ScalarKind): ServiceError {
  return invalid(
    `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${nounOf(kind)} value.`,
  );
}

/** For a value that only the item tells; what the request itself gives is a mismatch. */
export function indexKeyUpdatedToOtherType(): ServiceError {
  return invalid("The update expression attempted to update the secondary index key to unsupported type");
}

export function indexKeyUpdatedTooLong(): ServiceError {
  return invalid(
    "The update expression attempted to update the secondary index key beyond allowed size limits",
  );
}

export function pathIntoIndexKey(name: string): ServiceError {
  return invalid(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: ${name}`,
  );
}

function nounOf(kind: ScalarKind): string {
  return kind === "B" ? "binary" : "string";
}
