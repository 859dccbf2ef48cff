/** What is wrong with requests about the time to live of items. */
import { invalid, ServiceError } from "../errors.ts";

export function expiryAlreadyEnabled(): ServiceError {
  return invalid("TimeToLive is already enabled");
}

export function expiryAlreadyDisabled(): ServiceError {
  return invalid("TimeToLive is already disabled");
}

export function expiryByAnotherAttribute(attribute: string): ServiceError {
  return invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${attribute}`);
}

export function expiryChangedTooOften(): ServiceError {
  return invalid("Time to live has been modified multiple times within a fixed interval");
}

/** The service says it without the colon that stands here in answers of other operations. */
export function expiryWhileTableCreated(name: string): ServiceError {
  return new ServiceError(
    "ResourceInUseException",
    `Attempt to change a resource which is still in use: Table ${name} is being created`,
  );
}

export function expiryNotDescribable(status: string): ServiceError {
  return invalid(
    `Cannot describe time to live while table is in ${status} state: Current table state is ${status}`,
  );
}
