/** What is wrong with tags and with the ARNs they hang on. The spelling is the service's. */
import { invalid, ServiceError } from "../errors.ts";

const prefix = "One or more parameter values were invalid: ";

export function missingResourceArn(): ServiceError {
  return invalid("Invalid TableArn");
}

export function notAnArn(arn: string): ServiceError {
  return invalid(`${prefix}ARNs must start with 'arn:': ${arn}`);
}

export function notDynamoDbArn(arn: string): ServiceError {
  return invalid(`${prefix}Provided Arn is not a DynamoDB resource arn: ${arn}`);
}

export function notTaggable(arn: string): ServiceError {
  return invalid(
    `${prefix}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
  );
}

export function invalidResourceArn(arn: string): ServiceError {
  return invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
}

export function resourceArnNotFound(arn: string): ServiceError {
  return new ServiceError(
    "ResourceNotFoundException",
    `Requested resource not found: ResourceArn: ${arn} not found`,
  );
}

export function noTags(): ServiceError {
  return invalid("Atleast one Tag needs to be provided as Input.");
}

export function noTagKeys(): ServiceError {
  return invalid("Atleast one Tag Key needs to be provided as Input.");
}

export function invalidTagKey(key: string): ServiceError {
  return invalid(`The Tag Key provided is invalid, Key: ${key}`);
}

export function invalidTagValue(value: string): ServiceError {
  return invalid(`The Tag Value provided is invalid, Value: ${value}`);
}

export function reservedTagKey(key: string): ServiceError {
  return invalid(`Tag Key cannot be prefixed with aws:, Key: ${key}`);
}

export function duplicateTagKey(key: string): ServiceError {
  return invalid(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${key}`);
}

export function tooManyTags(): ServiceError {
  return invalid("Number of Tags exceed the current limit for the provided ResourceArn");
}
