/** The functions that triggers call. */
import {
  FunctionUnavailableError,
  type FunctionCall,
  type Functions,
  type FunctionTarget,
} from "../../base/functions.ts";
import type { Log } from "../../base/log.ts";
import { invokeByHttp } from "./http-function.ts";
import { LambdaFunctions } from "./lambda-functions.ts";
import { ModuleFunction } from "./module-function.ts";

export interface FunctionsOptions {
  /** By name. */
  readonly targets: ReadonlyMap<string, FunctionTarget>;
  /** Who runs the functions that are not among them, by Lambda's Invoke. */
  readonly lambdaEndpoint?: string | undefined;
  /** How long a local module may take for one call. */
  readonly timeLimitMs: number;
  readonly log: Log;
}

export interface OpenFunctions extends Functions {
  /** Ends the threads of local modules, whatever they are at. */
  close(): Promise<void>;
}

export function openFunctions({
  targets,
  lambdaEndpoint,
  timeLimitMs,
  log,
}: FunctionsOptions): OpenFunctions {
  const lambda = lambdaEndpoint === undefined ? undefined : new LambdaFunctions(lambdaEndpoint);
  const modules = new Map<string, ModuleFunction>();

  function moduleOf(functionName: string, path: string): ModuleFunction {
    const known = modules.get(functionName);
    if (known !== undefined) return known;
    const module = new ModuleFunction({ path, functionName, timeLimitMs, log });
    modules.set(functionName, module);
    return module;
  }

  return {
    has: (name) => targets.has(name) || lambda !== undefined,
    async invoke(call: FunctionCall) {
      const target = targets.get(call.name);
      if (target?.kind === "module") return moduleOf(call.name, target.path).invoke(call);
      if (target?.kind === "url") return invokeByHttp(target.url, call);
      if (lambda !== undefined) return lambda.invoke(call);
      throw new FunctionUnavailableError(`there is no function ${call.name}`);
    },
    async close() {
      lambda?.close();
      await Promise.all([...modules.values()].map((module) => module.close()));
    },
  };
}
