import type { Connection, Connections, Role, Statement } from "./connections/connections.ts";

/** Lends connections of one engine, set up as its dialect wants them. */
export class Lender {
  readonly #connections: Connections;
  readonly #settings: readonly Statement[];
  readonly #known = new WeakSet<Connection>();
  readonly #lent = new Set<Promise<unknown>>();

  constructor(connections: Connections, settings: readonly string[]) {
    this.#connections = connections;
    this.#settings = settings.map((text, index) => ({ name: `setting-${index}`, text }));
  }

  async with<T>(role: Role, use: (connection: Connection) => Promise<T>): Promise<T> {
    const lending = this.#connections.with(role, (connection) => {
      this.#setUp(connection);
      return use(connection);
    });
    this.#lent.add(lending);
    try {
      return await lending;
    } finally {
      this.#lent.delete(lending);
    }
  }

  /** The same, for a caller who has his answer before the connection is free again. */
  answering<T>(
    role: Role,
    use: (connection: Connection, answer: (value: T | Promise<T>) => void) => Promise<void>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.with(role, (connection) => use(connection, resolve)).catch(reject);
    });
  }

  #setUp(connection: Connection): void {
    if (this.#known.has(connection)) return;
    this.#known.add(connection);
    for (const setting of this.#settings) {
      connection.send(setting).catch(() => {
        connection.discard();
      });
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#lent);
    await this.#connections.close();
  }
}
