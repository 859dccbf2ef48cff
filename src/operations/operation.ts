import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { DynamoDbOperations, DynamoDbStreamsOperations } from "../model/types.generated.ts";
import type { Wording } from "../model/wording.ts";
import type { Caller } from "../access/caller.ts";
import type { Store } from "../store/store.ts";
import type { Settings } from "./settings.ts";

type Operations = DynamoDbOperations & DynamoDbStreamsOperations;

/** Every operation by its wire name. */
export type OperationName = keyof Operations;
/** The request once the model's constraints hold: required members are there, null members are gone. */
export type Input<Name extends OperationName> = Operations[Name]["input"];
export type Output<Name extends OperationName> = Operations[Name]["output"];

/** Everything about one operation. `dispatch.ts` runs them all the same way. */
export interface Operation<Name extends OperationName = OperationName, Command = unknown> {
  readonly name: Name;
  readonly effect: "read" | "write" | "admin";
  /** Which generation of the service's texts the operation answers with. */
  readonly wording: Wording;
  /** False for an operation that only says that it is still to be built. */
  readonly supported?: boolean | undefined;
  /** The table names or ARNs the caller needs leave for, as the request gives them. */
  resources(input: Input<Name>): readonly string[];
  /** Checks whatever can be checked without data; keeps only what `execute` needs. Pure. */
  prepare(input: Input<Name>): Command;
  execute(command: Command, context: Context): Promise<Output<Name>>;
}

/** What every operation is given, and all it can reach. */
export interface Context {
  readonly store: Store;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly settings: Settings;
  /** For what an operator may want to know of how a call is answered. Failures are dispatch's to tell. */
  readonly log: Log;
}

/** Only here so that `Name` and `Command` are inferred at each definition. */
export function defineOperation<Name extends OperationName, Command>(
  operation: Operation<Name, Command>,
): Operation<Name> {
  return operation;
}
