import type { Connection, Connections, Role } from "./connections/connections.ts";

/** Lends the connections of one engine. */
export class Lender {
  readonly #connections: Connections;
  readonly #lent = new Set<Promise<unknown>>();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  async with<T>(role: Role, use: (connection: Connection) => Promise<T>): Promise<T> {
    const lending = this.#connections.with(role, use);
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

  async close(): Promise<void> {
    await Promise.allSettled(this.#lent);
    await this.#connections.close();
  }
}
