/** The event source mappings there are. The truth is in the engine; nothing of it is cached. */
import type { Engine, KeyRange, ReadView, Transaction } from "../engine/engine.ts";
import { assert } from "../base/assert.ts";
import { textOf } from "../base/bytes.ts";
import type {
  EventSourceMapping,
  EventSourceMappings,
  MappingCreation,
  MappingPage,
} from "./event-source-mapping.ts";
import { allMappingsRange, mappedPairKey, mappingKey, mappingRange, mappingResultKey } from "./keyspace.ts";
import type { Scope } from "./table.ts";

export function openEventSourceMappings(engine: Engine): EventSourceMappings {
  const listeners = new Set<() => void>();
  const told = <Result>(result: Result): Result => {
    for (const listener of listeners) listener();
    return result;
  };
  return {
    find: (scope, id) => engine.read((view) => readMapping(view, scope, id)),
    list: (scope, { after, mappingsMax }) =>
      engine.read((view) => readPage(view, mappingRange(scope, after), mappingsMax)),
    listAll: ({ after, mappingsMax }) =>
      engine.read((view) => readPage(view, allMappingsRange(after), mappingsMax)),
    async create(mapping) {
      return told(await engine.write((transaction) => stageNew(transaction, { ...mapping, version: 1 })));
    },
    async update(scope, id, change) {
      return told(await engine.write((transaction) => stageChange(transaction, { scope, id }, change)));
    },
    async remove(scope, id, check) {
      return told(await engine.write((transaction) => stageRemoval(transaction, { scope, id }, check)));
    },
    async result({ scope, id }) {
      const [value] = await engine.read((view) => view.getMany([mappingResultKey(scope, id)]));
      return value === undefined ? undefined : textOf(value, 0);
    },
    async setResult({ scope, id }, result) {
      await engine.write(async (transaction) => {
        // A mapping that was removed meanwhile must leave nothing behind.
        if ((await readMapping(transaction, scope, id)) === undefined) return;
        transaction.put(mappingResultKey(scope, id), Buffer.from(result));
      });
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where a mapping is. */
interface MappingName {
  readonly scope: Scope;
  readonly id: string;
}

async function readMapping(
  view: ReadView | Transaction,
  scope: Scope,
  id: string,
): Promise<EventSourceMapping | undefined> {
  const [value] = await view.getMany([mappingKey(scope, id)]);
  return value === undefined ? undefined : decodeMapping(value);
}

async function readPage(view: ReadView, range: KeyRange, mappingsMax: number): Promise<MappingPage> {
  const { entries } = await view.scan(range, { entriesMax: mappingsMax + 1 });
  const mappings = entries.slice(0, mappingsMax).map(({ value }) => decodeMapping(value));
  return { mappings, more: entries.length > mappingsMax };
}

async function stageNew(transaction: Transaction, mapping: EventSourceMapping): Promise<MappingCreation> {
  const taken = await idOfPair(transaction, mapping);
  if (taken !== undefined) return { kind: "taken", id: taken };
  putMapping(transaction, mapping);
  return { kind: "done", mapping };
}

async function stageChange(
  transaction: Transaction,
  { scope, id }: MappingName,
  change: (mapping: EventSourceMapping) => EventSourceMapping,
): Promise<MappingCreation | undefined> {
  const before = await readMapping(transaction, scope, id);
  if (before === undefined) return undefined;
  const mapping = { ...change(before), version: before.version + 1 };
  const taken = await idOfPair(transaction, mapping);
  if (taken !== undefined && taken !== id) return { kind: "taken", id: taken };
  transaction.delete(pairKey(before));
  putMapping(transaction, mapping);
  return { kind: "done", mapping };
}

async function stageRemoval(
  transaction: Transaction,
  { scope, id }: MappingName,
  check?: (mapping: EventSourceMapping) => void,
): Promise<EventSourceMapping | undefined> {
  const mapping = await readMapping(transaction, scope, id);
  if (mapping === undefined) return undefined;
  check?.(mapping);
  transaction.delete(pairKey(mapping));
  transaction.delete(mappingKey(scope, id));
  transaction.delete(mappingResultKey(scope, id));
  return mapping;
}

async function idOfPair(transaction: Transaction, mapping: EventSourceMapping): Promise<string | undefined> {
  const [value] = await transaction.getMany([pairKey(mapping)]);
  return value === undefined ? undefined : textOf(value, 0);
}

function putMapping(transaction: Transaction, mapping: EventSourceMapping): void {
  const { scope, id } = mapping;
  transaction.put(mappingKey(scope, id), Buffer.from(JSON.stringify(mapping)));
  transaction.put(pairKey(mapping), Buffer.from(id));
}

function pairKey({ scope, source, settings }: EventSourceMapping): Uint8Array {
  const { name, qualifier = "" } = settings.function;
  return mappedPairKey(scope, [source.tableName, source.label, name, qualifier]);
}

function decodeMapping(value: Uint8Array): EventSourceMapping {
  const mapping: unknown = JSON.parse(textOf(value, 0));
  assert(isMapping(mapping), "what is stored as an event source mapping is one");
  return mapping;
}

function isMapping(value: unknown): value is EventSourceMapping {
  return typeof value === "object" && value !== null && "source" in value && "settings" in value;
}
