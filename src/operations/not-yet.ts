import { operationNotSupportedYet } from "../model/messages/tables.ts";
import type { Operation, OperationName } from "./operation.ts";

/** An operation of the service that is still to be built: it says so. */
export function notYet<Name extends OperationName>(name: Name): Operation<Name> {
  const refuse = () => {
    throw operationNotSupportedYet(name);
  };
  return {
    name,
    effect: "admin",
    wording: "older",
    supported: false,
    resources: () => [],
    prepare: refuse,
    execute: refuse,
  };
}
