/** What is the same for all of Lambda's operations. They are few, and share nothing with tables but the store. */
import type { Caller } from "../../access/caller.ts";
import type { Clock } from "../../base/clock.ts";
import type { Functions } from "../../base/functions.ts";
import type { LambdaOperationName, LambdaOperations } from "../../model/lambda/types.ts";
import type { Store } from "../../store/store.ts";
import type { Settings } from "../settings.ts";

/** Everything about one operation. `lambda-dispatch.ts` runs them all the same way. */
export interface LambdaOperation<Name extends LambdaOperationName = LambdaOperationName, Command = unknown> {
  readonly name: Name;
  readonly effect: "read" | "write" | "admin";
  /** Checks whatever can be checked without data; keeps only what `execute` needs. Pure. */
  prepare(input: LambdaOperations[Name]["input"]): Command;
  execute(command: Command, context: LambdaContext): Promise<LambdaOperations[Name]["output"]>;
}

export interface LambdaContext {
  readonly store: Store;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly functions: Functions;
  readonly requestId: string;
  /** What a function is to be called with, as it was sent. */
  readonly payload: Uint8Array;
}

/** Only here so that `Name` and `Command` are inferred at each definition. */
export function defineLambdaOperation<Name extends LambdaOperationName, Command>(
  operation: LambdaOperation<Name, Command>,
): LambdaOperation<Name> {
  return operation;
}
