/** What the package gives to programs that import it. */
export { startServer, type RunningServer, type ServerOptions } from "./start-server.ts";
export type { PostgresSettings } from "./open-engine.ts";
export type { Clock } from "../base/clock.ts";
export type { Log } from "../base/log.ts";
