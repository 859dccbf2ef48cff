import type { Seen } from "./history.ts";

/** What a client may ask of one item. `id` stands for the operation: what it writes carries it. */
export type Action =
  /** Adds itself to the list of writers; with `mustExist` only to an item that is there. */
  | { readonly kind: "append"; readonly key: string; readonly mustExist: boolean }
  /** On condition that version `over` is there ("": no item), or unconditionally. */
  | { readonly kind: "put" | "delete"; readonly key: string; readonly over: string | undefined }
  /** Only the condition: part of a transaction. */
  | { readonly kind: "check"; readonly key: string; readonly over: string };

/** States of items by key; absent items are there with an empty list where somebody asked for them. */
export type States = ReadonlyMap<string, Seen>;

export interface Answer {
  /** False: nothing was written. */
  readonly done: boolean;
  /** The states before the write, as far as the answer tells them. */
  readonly before: States;
}

/** What histories are made with: a server behind the SDK, or a store with a planted fault. */
export interface Subject {
  get(key: string): Promise<Seen>;
  batchGet(keys: readonly string[]): Promise<States>;
  /** What a collection of one table holds; by way of its local index too. */
  query(place: Place, index: "table" | "local"): Promise<States>;
  /** What the global index of a table holds of one group. */
  queryGroup(table: string, group: string): Promise<States>;
  /** Undefined: refused because somebody else was writing. */
  transactGet(keys: readonly string[]): Promise<States | undefined>;
  write(action: Action, id: string): Promise<Answer>;
  /** Answers the keys whose writes were done. */
  batchWrite(
    writes: readonly { readonly action: Action; readonly id: string }[],
  ): Promise<ReadonlySet<string>>;
  transactWrite(actions: readonly Action[], options: { id: string; token: string }): Promise<Answer>;
}

/** Nobody knows what became of the request. */
export class NoAnswer extends Error {}

/** Where an item is. */
export interface Place {
  readonly table: string;
  readonly collection: string;
}

/** A key as one text, and back: collections and names hold no slash. */
export function keyOf({ table, collection }: Place, name: string): string {
  return `${table}/${collection}/${name}`;
}

export function placeOf(key: string): Place & { readonly name: string } {
  const [table = "", collection = "", name = ""] = key.split("/");
  return { table, collection, name };
}

/** The group of the global index that a version belongs to: it follows from the writer, so that readers can tell. */
export function groupOf(collection: string, id: string): string {
  return `${collection}-${id.length % 2 === 0 ? "even" : "odd"}-${id.charCodeAt(id.length - 1) % 2}`;
}
