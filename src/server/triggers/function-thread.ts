import { Worker } from "node:worker_threads";
import type { FunctionAnswer, FunctionCall } from "../../base/functions.ts";
import type { Log } from "../../base/log.ts";
import { forwardLines } from "./forward-lines.ts";
import { planThread } from "./module-loader.ts";
import type { Failure, Invocation, WorkerMessage } from "./worker-messages.ts";

/** How long a module may take to load, as on Lambda. */
const loadMsMax = 10_000;
/** The longest answer of a function in bytes, as on Lambda. */
const answerBytesMax = 6_291_556;

export interface ThreadOptions {
  readonly path: string;
  readonly functionName: string;
  readonly timeLimitMs: number;
  readonly log: Log;
}

/** A thread that has loaded a function's module, and runs one invocation at a time until it dies. */
export class FunctionThread {
  readonly #options: ThreadOptions;
  readonly #worker: Worker;
  #isLoaded = false;
  #isDead = false;
  #current: CallUnderWay | undefined;
  #limit: NodeJS.Timeout | undefined;

  /** Throws a `FunctionUnavailableError` when there is no such module. */
  constructor(options: ThreadOptions) {
    this.#options = options;
    const { entry, eval: isCode, module } = planThread(options.path);
    this.#worker = new Worker(entry, {
      eval: isCode,
      workerData: { module },
      env: { ...process.env, ...variablesOf(options.functionName) },
      stdout: true,
      stderr: true,
    });
    // Only while it works does it keep the process going.
    this.#worker.unref();
    this.#listen();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Never rejects: whatever happens to the thread is an answer. */
  run(call: FunctionCall): Promise<FunctionAnswer> {
    return new Promise((resolve) => {
      this.#current = { call, resolve };
      this.#worker.ref();
      this.#limitTime();
      const { functionName, timeLimitMs } = this.#options;
      const { arn, requestId, payload } = call;
      const invocation: Invocation = { functionName, arn, requestId, payload, timeLimitMs };
      this.#worker.postMessage(invocation);
    });
  }

  async stop(): Promise<void> {
    this.#isDead = true;
    await this.#worker.terminate();
  }

  #listen(): void {
    const { functionName: name, log } = this.#options;
    this.#worker.on("message", (message: WorkerMessage) => {
      this.#receive(message);
    });
    this.#worker.on("error", (error) => {
      this.#die(crashFailure(error));
    });
    this.#worker.on("exit", (code) => {
      this.#die(exitFailure(code));
    });
    for (const stream of ["stdout", "stderr"] as const) {
      forwardLines(this.#worker[stream], (line) => {
        const fields = { function: name, requestId: this.#current?.call.requestId, line };
        if (stream === "stdout") log.info("function says", fields);
        else log.warn("function says", fields);
      });
    }
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "loaded") {
      this.#isLoaded = true;
      this.#limitTime();
    } else if (message.kind === "failed" && !this.#isLoaded) {
      this.#die(message.failure);
    } else {
      this.#answer(answerOf(message));
    }
  }

  /** Time is limited from the moment that the module is there. */
  #limitTime(): void {
    clearTimeout(this.#limit);
    if (this.#current === undefined) return;
    const ms = this.#isLoaded ? this.#options.timeLimitMs : loadMsMax;
    this.#limit = setTimeout(() => {
      this.#die(timeoutFailure(ms));
    }, ms);
    this.#limit.unref();
  }

  #die(failure: Failure): void {
    this.#isDead = true;
    this.#answer({ kind: "failed", payload: JSON.stringify(failure) });
    void this.#worker.terminate();
  }

  #answer(answer: FunctionAnswer): void {
    clearTimeout(this.#limit);
    const current = this.#current;
    this.#current = undefined;
    this.#worker.unref();
    current?.resolve(answer);
  }
}

interface CallUnderWay {
  readonly call: FunctionCall;
  readonly resolve: (answer: FunctionAnswer) => void;
}

function answerOf(message: Exclude<WorkerMessage, { readonly kind: "loaded" }>): FunctionAnswer {
  if (message.kind === "failed") return { kind: "failed", payload: JSON.stringify(message.failure) };
  if (Buffer.byteLength(message.payload) <= answerBytesMax) return message;
  const failure: Failure = {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${answerBytesMax} bytes).`,
    trace: [],
  };
  return { kind: "failed", payload: JSON.stringify(failure) };
}

/** What nobody in the thread caught. */
function crashFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

function timeoutFailure(ms: number): Failure {
  const errorMessage = `Task timed out after ${(ms / 1_000).toFixed(2)} seconds`;
  return { errorType: "Sandbox.Timedout", errorMessage, trace: [] };
}

function exitFailure(code: number): Failure {
  const reason = code === 0 ? "without providing a reason" : `with error: exit status ${code}`;
  return { errorType: "Runtime.ExitError", errorMessage: `Runtime exited ${reason}`, trace: [] };
}

/** What Lambda tells functions of themselves. */
function variablesOf(functionName: string): Readonly<Record<string, string>> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
  };
}
