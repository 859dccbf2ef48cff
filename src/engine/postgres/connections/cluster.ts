import { DatabaseError } from "pg";
import { EngineError } from "../../engine.ts";
import type { Surroundings } from "../postgres-options.ts";
import { nameOf, type HostAddress } from "./database-url.ts";
import type { OpenSession, Opened } from "./open-session.ts";
import type { Session } from "./session.ts";

/** How long other hosts get to say that they are the primary too, after the first has said so. */
const rivalMsMax = 300;

/** No primary was found. */
export class NoPrimaryError extends EngineError {
  /** More tries lead to the same: a wrong password, a database that is not there. */
  readonly isFinal: boolean;

  constructor(message: string, { isFinal, cause }: { isFinal: boolean; cause: unknown }) {
    super(message, { cause });
    this.isFinal = isFinal;
  }
}

export interface ClusterSettings {
  readonly hosts: readonly HostAddress[];
  readonly openSession: OpenSession;
  /** One of the hosts is the primary, or any may be written to. */
  readonly hasOnePrimary: boolean;
  readonly surroundings: Surroundings;
}

/** The servers of a cluster, and which of them is the primary. */
export class Cluster {
  readonly #settings: ClusterSettings;
  #primary: HostAddress | undefined;
  /** The last one that was told to the log. */
  #told: HostAddress | undefined;
  /** The newest timeline that a primary was seen on. */
  #timeline = 0;
  #search: Promise<Session> | undefined;
  #turn: number;

  constructor(settings: ClusterSettings) {
    this.#settings = settings;
    this.#turn = Math.floor(settings.surroundings.random() * settings.hosts.length);
  }

  get hosts(): readonly HostAddress[] {
    return this.#settings.hosts;
  }

  isPrimary(host: HostAddress): boolean {
    return host === this.#primary;
  }

  /** The next session is preceded by a search. */
  forgetPrimary(): void {
    this.#primary = undefined;
  }

  /** A session to the primary, which is looked for unless it is known. Throws `NoPrimaryError`. */
  async openPrimary(): Promise<Session> {
    if (!this.#settings.hasOnePrimary) return this.#openNext();
    if (this.#primary === undefined) {
      if (this.#search === undefined) return this.#searchOnce();
      await this.#search.catch(() => undefined);
    }
    const host = this.#primary;
    if (host === undefined)
      throw new NoPrimaryError("no primary was found", { isFinal: false, cause: undefined });
    try {
      return this.#accept(await this.#settings.openSession(host));
    } catch (error) {
      if (!isFull(error)) this.forgetPrimary();
      throw noPrimary([{ host, error }]);
    }
  }

  /** A session to a host that needs not take writes. */
  async openReader(host: HostAddress): Promise<Session> {
    const opened = await this.#settings.openSession(host);
    // What a primary holds that was overtaken may be undone, and be what nobody was ever told of.
    const refusal = opened.role.isWritable ? this.#refusal(opened) : undefined;
    if (refusal === undefined) return opened.session;
    void opened.session.close();
    throw new Error(refusal);
  }

  /**
   * False when the host of a session cannot be reached any more or, of a primary, takes no more writes, or when it
   * leads to one that was promoted since, as a proxy does.
   */
  async isWell({ host, timeline = Infinity }: Session, role: "primary" | "standby"): Promise<boolean> {
    try {
      const opened = await this.#settings.openSession(host);
      void opened.session.close();
      if (role === "standby") return true;
      return this.#refusal(opened) === undefined && (opened.role.timeline ?? 0) <= timeline;
    } catch (error) {
      return isFull(error);
    }
  }

  async #searchOnce(): Promise<Session> {
    this.#search = this.#searchAll();
    try {
      return await this.#search;
    } catch (error) {
      if (this.#told !== undefined) {
        this.#told = undefined;
        this.#settings.surroundings.log?.warn("lost the primary of the database", {
          reason: messageOf(error),
        });
      }
      throw error;
    } finally {
      this.#search = undefined;
    }
  }

  #searchAll(): Promise<Session> {
    const { hosts, openSession, surroundings } = this.#settings;
    return new Promise((resolve, reject) => {
      const troubles: Trouble[] = [];
      let best: Opened | undefined;
      let isDecided = false;
      let waitsFor = hosts.length;
      let stop: (() => void) | undefined;

      const decide = () => {
        if (isDecided) return;
        isDecided = true;
        stop?.();
        if (best === undefined) {
          reject(noPrimary(troubles));
          return;
        }
        try {
          resolve(this.#accept(best));
        } catch (error) {
          // It was overtaken while others were waited for.
          reject(noPrimary([{ host: best.session.host, error }]));
        }
      };

      const consider = (opened: Opened, host: HostAddress) => {
        const refusal = isDecided ? "too late" : this.#refusal(opened);
        if (refusal !== undefined) {
          troubles.push({ host, error: new Error(refusal) });
          void opened.session.close();
        } else if (best === undefined || isNewer(opened, best)) {
          void best?.session.close();
          best = opened;
          stop ??= surroundings.alarm(rivalMsMax, decide);
        } else {
          void opened.session.close();
        }
      };

      const look = async (host: HostAddress) => {
        try {
          consider(await openSession(host), host);
        } catch (error) {
          troubles.push({ host, error });
        }
        waitsFor -= 1;
        if (waitsFor === 0) decide();
      };
      for (const host of hosts) void look(host);
    });
  }

  /** Where any host may be written to: one after the other. */
  async #openNext(): Promise<Session> {
    const { hosts, openSession } = this.#settings;
    const troubles: Trouble[] = [];
    this.#turn = (this.#turn + 1) % hosts.length;
    for (const host of [...hosts.slice(this.#turn), ...hosts.slice(0, this.#turn)]) {
      try {
        const opened = await openSession(host);
        const refusal = this.#refusal(opened);
        if (refusal === undefined) return opened.session;
        void opened.session.close();
        throw new Error(refusal);
      } catch (error) {
        troubles.push({ host, error });
      }
    }
    throw noPrimary(troubles);
  }

  /** Why the server of a session is not the primary. */
  #refusal({ role: { isWritable, timeline } }: Opened): string | undefined {
    if (!isWritable) return "takes no writes";
    // It was overtaken and does not know: what is written there is lost when it learns.
    if (timeline !== undefined && timeline < this.#timeline) {
      return `is on timeline ${timeline}, and another server was promoted to ${this.#timeline} since`;
    }
    return undefined;
  }

  #accept(opened: Opened): Session {
    const { session, role } = opened;
    const refusal = this.#refusal(opened);
    if (refusal !== undefined) {
      void session.close();
      throw new Error(refusal);
    }
    this.#timeline = role.timeline ?? this.#timeline;
    this.#primary = session.host;
    if (this.#told !== session.host) {
      this.#told = session.host;
      this.#settings.surroundings.log?.info("found the primary of the database", {
        host: nameOf(session.host),
      });
    }
    return session;
  }
}

interface Trouble {
  readonly host: HostAddress;
  readonly error: unknown;
}

function isNewer(one: Opened, other: Opened): boolean {
  return (one.role.timeline ?? 0) > (other.role.timeline ?? 0);
}

/** The server is there, and has no room for more connections. */
function isFull(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "53300";
}

function noPrimary(troubles: readonly Trouble[]): NoPrimaryError {
  const told = troubles.map(({ host, error }) => `${nameOf(host)}: ${messageOf(error)}`);
  return new NoPrimaryError(`no primary of the database can be used (${told.join("; ")})`, {
    isFinal: troubles.every(({ error }) => isFinal(error)),
    cause: troubles[0]?.error,
  });
}

/** Of a host with several addresses, Node tells what went wrong with each of them in place of a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

/** A refusal that trying again does not change: of the user, the database or the certificate. */
function isFinal(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(28|3D)/.test(error.code ?? "");
  if (!(error instanceof Error)) return false;
  if (/^SASL|does not support SSL/.test(error.message)) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME)/.test(code);
}
