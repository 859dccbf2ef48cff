/** What the service says of requests that it cannot read, or whose sender it cannot make out. */

import { ServiceError } from "../errors.ts";

/** A body that is no JSON, or not the JSON of a request. The service says nothing more about it. */
export function unreadable(): ServiceError {
  return serialization("");
}

/** The target header names no operation. The service says nothing more about it. */
export function unknownOperation(): ServiceError {
  return new ServiceError("UnknownOperationException", "");
}

/** `token` is the service's word for what was sent, such as NUMBER_VALUE; `type` the Java class it wants. */
export function notConvertible(token: string, type: string): ServiceError {
  return serialization(`${token} cannot be converted to ${type}`);
}

export function notBoolean(): ServiceError {
  return serialization("Unexpected token received from parser");
}

export function unexpectedObject(): ServiceError {
  return serialization("Start of structure or map found where not expected");
}

/** `javaType` is a class with the word "class", or a parameterized type without it. */
export function unexpectedArray(javaType: string): ServiceError {
  return serialization(`Unrecognized collection type ${javaType}`);
}

export function unexpectedScalarField(): ServiceError {
  return serialization("Unexpected field type");
}

export function unexpectedScalarElement(): ServiceError {
  return serialization("Unexpected value type in payload");
}

/** The service's own slip: where an element should be a list or a map, its decoder fails on a scalar. */
export function unexpectedScalarForCollection(): ServiceError {
  const wanted = "java.lang.Class";
  const given = "sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl";
  return serialization(
    `class ${given} cannot be cast to class ${wanted} (${given} and ${wanted} are in module java.base of loader 'bootstrap')`,
  );
}

export function notBase64Text(): ServiceError {
  return serialization("only base-64-encoded strings are convertible to bytes");
}

export function base64Length(length: number): ServiceError {
  return serialization(`Base64 encoded length is expected a multiple of 4 bytes but found: ${length}`);
}

export function base64Character(character: string): ServiceError {
  return serialization(`Invalid base 64 character: '${character}'`);
}

/** "dectected" is the service's spelling. */
export function base64Ending(): ServiceError {
  return serialization("Invalid last non-pad Base64 character dectected");
}

function serialization(message: string): ServiceError {
  return new ServiceError("SerializationException", message);
}
