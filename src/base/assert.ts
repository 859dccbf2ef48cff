/** A promise of ours that was broken. Never the client's fault: it becomes a 500 and a logged stack. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Marks what the types exclude, so that a new member of a union does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected ${JSON.stringify(value)}`);
}
