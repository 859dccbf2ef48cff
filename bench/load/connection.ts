import { connect, type Socket } from "node:net";

/** Gets the status of an answer, and its body when it is not 200. */
export type Answered = (status: number, failure: string) => void;

const headEnd = Buffer.from("\r\n\r\n");
const lengthHeader = /\r\ncontent-length: *(\d+)/i;

/**
 * One keep-alive connection with one request under way. It reads no more of an answer than its length, because the
 * client shares the machine with what it measures.
 */
export class Connection {
  readonly #socket: Socket;
  #answered: Answered | undefined;
  /** Bytes of the body still to come; undefined while the head is incomplete. */
  #remaining: number | undefined;
  #head: Buffer | undefined;
  #status = 0;
  #failure = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on("error", () => {
      this.#end(0, "the connection broke");
    });
    socket.on("close", () => {
      this.#end(0, "the connection was closed");
    });
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
    });
  }

  send(request: Buffer, answered: Answered): void {
    this.#answered = answered;
    this.#remaining = undefined;
    this.#socket.write(request);
  }

  close(): void {
    this.#answered = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#remaining === undefined) {
      const head = this.#head === undefined ? chunk : Buffer.concat([this.#head, chunk]);
      const end = head.indexOf(headEnd);
      if (end < 0) {
        this.#head = head;
        return;
      }
      this.#head = undefined;
      this.#readHead(head.toString("latin1", 0, end));
      this.#readBody(head.subarray(end + headEnd.length));
    } else {
      this.#readBody(chunk);
    }
  }

  #readHead(head: string): void {
    const length = lengthHeader.exec(head)?.[1];
    if (length === undefined) throw new Error(`an answer without a length: ${head}`);
    this.#remaining = Number(length);
    this.#status = Number(head.slice(9, 12));
    this.#failure = "";
  }

  #readBody(chunk: Buffer): void {
    if (this.#status !== 200) this.#failure += chunk.toString();
    this.#remaining = (this.#remaining ?? 0) - chunk.length;
    if (this.#remaining <= 0) this.#end(this.#status, this.#failure);
  }

  #end(status: number, failure: string): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status, failure);
  }
}
