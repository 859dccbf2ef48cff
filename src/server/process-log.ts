import type { Log } from "../base/log.ts";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** The log of the process: JSON lines on stderr. */
export interface ProcessLog extends Log {
  /** Resolves once all that was logged has been written. */
  flush(): Promise<void>;
}

type Level = Exclude<LogLevel, "silent">;

/** Loads the logger with the first line, so that the server answers before that: loading takes tens of milliseconds. */
export function createProcessLog(level: LogLevel): ProcessLog {
  let loading: Promise<Log> | undefined;
  let logger: Log | undefined;

  function write(at: Level, message: string, fields?: object): void {
    if (logLevels.indexOf(at) < logLevels.indexOf(level)) return;
    if (logger !== undefined) {
      logger[at](message, fields);
      return;
    }
    loading ??= openPino(level).then((opened) => (logger = opened));
    void loading.then((opened) => {
      opened[at](message, fields);
    });
  }

  return {
    debug: (message, fields) => {
      write("debug", message, fields);
    },
    info: (message, fields) => {
      write("info", message, fields);
    },
    warn: (message, fields) => {
      write("warn", message, fields);
    },
    error: (message, fields) => {
      write("error", message, fields);
    },
    async flush() {
      await loading;
    },
  };
}

async function openPino(level: LogLevel): Promise<Log> {
  const { pino } = await import("pino");
  // Lines are written at once: there are few, and the last ones before a crash are the ones that matter.
  const stderr = pino.destination({ dest: 2, sync: true });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    stderr,
  );
  const at = (of: Level) => (message: string, fields?: object) => {
    logger[of](fields ?? {}, message);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
