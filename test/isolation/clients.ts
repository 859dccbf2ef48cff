import { createDraw, type Draw } from "../fuzz/draw.ts";
import { createRandom } from "../../bench/load/random.ts";
import type { Fate, History, ItemWrite, Operation, Read, Seen } from "./history.ts";
import { versionOf } from "./history.ts";
import { KeyPool } from "./key-pool.ts";
import {
  groupOf,
  NoAnswer,
  type Action,
  type Answer,
  type Place,
  type States,
  type Subject,
} from "./subject.ts";

export interface ClientOptions {
  /** The subject to talk to now: it waits while a server is away. */
  readonly subject: () => Promise<Subject>;
  readonly seed: number;
  readonly clients: number;
  /** Stands in the names of collections, so that histories in one table keep apart. */
  readonly episode: string;
  /** Asked before every operation. */
  readonly goesOn: (operations: number) => boolean;
  /** Answers may fail to come: every write that replaces or deletes is conditional then. */
  readonly isCutOff: boolean;
  /** Waits until no write without an answer can take effect any more. */
  readonly untilQuiet?: () => Promise<void>;
}

interface World extends ClientOptions {
  readonly pool: KeyPool;
  readonly places: readonly Place[];
  readonly operations: Operation[];
  /** A moment later than all before. */
  readonly tick: () => number;
}

interface Turn extends World {
  readonly id: string;
  readonly draw: Draw;
  readonly random: () => number;
}

/** The first has indexes, whose keys move with every write; from the second nothing is derived. */
export const tables = { indexed: "isolation-a", plain: "isolation-b" };

/** Lets several clients loose on the same few items, and answers all they did and saw. */
export async function runClients(options: ClientOptions): Promise<History> {
  const places = Object.values(tables).flatMap((table) =>
    ["p0", "p1"].map((collection) => ({ table, collection: `${options.episode}${collection}` })),
  );
  let moment = 0;
  const world = { ...options, places, pool: new KeyPool(places), operations: [], tick: () => moment++ };
  await makeLastingItems(world);
  await Promise.all(Array.from({ length: options.clients }, (_, client) => runClient(world, client)));
  await options.untilQuiet?.();
  await readEverything(world);
  return world.operations;
}

async function makeLastingItems(world: World): Promise<void> {
  const random = createRandom(world.seed);
  for (const [index, key] of world.pool.lasting.entries()) {
    let fate: Fate = "unknown";
    // Whoever comes second fails, and then the item is there as well.
    for (let attempt = 0; fate === "unknown"; attempt++) {
      const turn = { ...world, random, draw: createDraw(random), id: `init-${index}.${attempt}` };
      fate = await write(turn, { kind: "put", key, over: "" });
    }
  }
}

async function runClient(world: World, client: number): Promise<void> {
  const random = createRandom(world.seed * 31 + client);
  const draw = createDraw(random);
  for (let turn = 0; world.goesOn(world.operations.length); turn++) {
    await takeTurn({ ...world, random, draw, id: `c${client}-${turn}` });
  }
}

async function readEverything(world: World): Promise<void> {
  for (const [index, key] of world.pool.keys.entries()) {
    let seen: Seen | undefined;
    while (seen === undefined) {
      const from = world.tick();
      seen = await answered((await world.subject()).get(key));
      if (seen !== undefined)
        record(world, { id: `final-${index}`, name: "GetItem", from, reads: [{ key, seen }] });
    }
  }
}

async function takeTurn(turn: Turn): Promise<void> {
  const share = turn.draw.below(100);
  if (share < 8) await readOne(turn);
  else if (share < 12) await readBatch(turn);
  else if (share < 20) await readCollection(turn);
  else if (share < 23) await readGroup(turn);
  else if (share < 38) await readTransaction(turn, pickKeys(turn, 4));
  else if (share < 50) await write(turn, plainAppend(turn));
  else if (share < 57) await write(turn, plainPut(turn));
  else if (share < 63) await reservedWrite(turn);
  else if (share < 67) await writeBatch(turn);
  else await transaction(turn);
}

async function readOne(turn: Turn): Promise<void> {
  const [key = ""] = pickKeys(turn, 1);
  const from = turn.tick();
  const seen = await answered((await turn.subject()).get(key));
  if (seen !== undefined) record(turn, { id: turn.id, name: "GetItem", from, reads: [{ key, seen }] });
}

async function readBatch(turn: Turn): Promise<void> {
  const keys = pickKeys(turn, 4);
  const from = turn.tick();
  const states = await answered((await turn.subject()).batchGet(keys));
  if (states !== undefined) recordEach(turn, { name: "BatchGetItem", from, keys, states });
}

async function readCollection(turn: Turn): Promise<void> {
  const place = pickOne(turn, turn.places);
  // Whatever is not found was absent.
  const keys = turn.pool.readableIn(place);
  const index = place.table === tables.indexed && turn.draw.chance(0.5) ? "local" : "table";
  const from = turn.tick();
  const states = await answered((await turn.subject()).query(place, index));
  if (states !== undefined) recordEach(turn, { name: `Query of ${index}`, from, keys, states });
}

async function readGroup(turn: Turn): Promise<void> {
  const indexed = turn.places.filter(({ table }) => table === tables.indexed);
  const { table, collection } = pickOne(turn, indexed);
  const from = turn.tick();
  const states = await answered((await turn.subject()).queryGroup(table, groupOf(collection, turn.id)));
  if (states === undefined) return;
  const until = turn.tick();
  for (const [key, seen] of states) {
    const reads = [{ key, seen, weak: true }];
    turn.operations.push({ ...blank, id: `${turn.id}/${key}`, name: "Query of global", from, until, reads });
  }
}

async function readTransaction(turn: Turn, keys: readonly string[]): Promise<void> {
  const from = turn.tick();
  const states = await answered((await turn.subject()).transactGet(keys));
  if (states === undefined) return;
  const reads = keys.map((key) => ({ key, seen: states.get(key) ?? [] }));
  record(turn, { id: `${turn.id}r`, name: "TransactGetItems", from, reads });
}

function plainAppend(turn: Turn): Action {
  return { kind: "append", ...pickOne(turn, turn.pool.writable()) };
}

function plainPut(turn: Turn): Action {
  const key = pickOne(turn, turn.pool.lasting);
  const isConditional = turn.isCutOff || turn.draw.chance(0.5);
  return { kind: "put", key, over: isConditional ? turn.pool.versionOf(key) : undefined };
}

async function reservedWrite(turn: Turn): Promise<void> {
  const action = turn.pool.reserve("mortal", turn.random);
  if (action === undefined) return;
  const isBlind = action.kind === "delete" && !turn.isCutOff && turn.draw.chance(0.5);
  turn.pool.settle(action, await write(turn, isBlind ? { ...action, over: undefined } : action));
}

async function write(turn: Turn, action: Action): Promise<Fate> {
  const from = turn.tick();
  const answer = await answered((await turn.subject()).write(action, turn.id));
  const fate = fateOf(answer);
  const before = answer?.before ?? new Map();
  record(turn, {
    id: turn.id,
    name: `plain ${action.kind}`,
    from,
    fate,
    reads: readsOf(before),
    writes: writesOf([action], before),
  });
  return fate;
}

async function writeBatch(turn: Turn): Promise<void> {
  const actions = [turn.pool.reserve("brief", turn.random), turn.pool.reserve("brief", turn.random)].filter(
    (action) => action !== undefined,
  );
  if (actions.length === 0) return;
  const writes = actions.map((action, index) => ({ action, id: `${turn.id}.${index}` }));
  const from = turn.tick();
  const done = await answered((await turn.subject()).batchWrite(writes));
  const until = done === undefined ? undefined : turn.tick();
  for (const { action, id } of writes) {
    const fate = done === undefined ? "unknown" : done.has(action.key) ? "done" : "failed";
    turn.pool.settle(action, fate);
    const name = `batched ${action.kind}`;
    push(turn, { ...blank, id, name, from, until, fate, writes: writesOf([action], new Map()) });
  }
}

async function transaction(turn: Turn): Promise<void> {
  const keys = pickSome(turn, turn.pool.writable(), 4);
  const life = turn.draw.chance(0.25) ? turn.pool.reserve("mortal", turn.random) : undefined;
  // Without a look beforehand most conditions fail, because others are quicker.
  const looked = new Set([...keys.map(({ key }) => key), ...(life === undefined ? [] : [life.key])]);
  if (turn.draw.chance(0.7)) await readTransaction(turn, [...looked]);
  const actions = keys.filter(({ key }) => key !== life?.key).map((target) => transactedAction(turn, target));
  if (life !== undefined) actions.push(turn.pool.refreshed(life));
  if (life?.kind === "put" && turn.draw.chance(0.7)) actions.push(...absenceCheck(turn, actions));
  const token = `${turn.seed}-${turn.id}`;
  const options = { id: turn.id, token };
  const from = turn.tick();
  let answer = await answered((await turn.subject()).transactWrite(actions, options));
  // The same token again: it is done once, whenever that was.
  if (answer === undefined && turn.draw.chance(0.6)) {
    answer = await answered((await turn.subject()).transactWrite(actions, options));
  }
  const fate = fateOf(answer);
  const checked = actions.filter(({ kind }) => kind === "check" && fate !== "failed");
  const before = answer?.before ?? new Map();
  if (life !== undefined) turn.pool.settle(life, fate);
  record(turn, {
    id: turn.id,
    name: "TransactWriteItems",
    from,
    fate,
    reads: [...readsOf(before), ...checked.map((action) => ({ key: action.key, seen: seenAs(action) }))],
    writes: writesOf(actions, before),
  });
}

function transactedAction(turn: Turn, { key, mustExist }: { key: string; mustExist: boolean }): Action {
  const over = turn.pool.versionOf(key);
  const share = turn.draw.below(10);
  if (over === "" || share < 5) return { kind: "append", key, mustExist };
  return { kind: share < 8 ? "check" : "put", key, over };
}

/** One item is only made while another is not there: two who do so the other way round must not both succeed. */
function absenceCheck(turn: Turn, actions: readonly Action[]): Action[] {
  const others = turn.pool.unborn().filter((key) => actions.every((action) => action.key !== key));
  return others.length === 0 ? [] : [{ kind: "check", key: pickOne(turn, others), over: "" }];
}

function seenAs(action: Action): readonly string[] {
  return "over" in action && action.over !== undefined && action.over !== "" ? [action.over] : [];
}

const blank = { reads: [], writes: [], fate: "done" } as const;

function record(
  world: World,
  operation: Omit<Operation, "until" | "fate" | "writes"> & Partial<Pick<Operation, "fate" | "writes">>,
): void {
  push(world, { ...blank, ...operation, until: operation.fate === "unknown" ? undefined : world.tick() });
}

/** Reads of one request that are not a transaction: each stands for itself. */
function recordEach(
  turn: Turn,
  { name, from, keys, states }: { name: string; from: number; keys: readonly string[]; states: States },
): void {
  const until = turn.tick();
  for (const key of new Set([...keys, ...states.keys()])) {
    const reads = [{ key, seen: states.get(key) ?? [] }];
    push(turn, { ...blank, id: `${turn.id}/${key}`, name, from, until, reads });
  }
}

function push({ operations, pool }: World, operation: Operation): void {
  operations.push(operation);
  for (const read of operation.reads) pool.learn(read.key, versionOf(read));
  if (operation.fate === "done") {
    // What an append made is known to nobody until it is read, and then with all that it was added to.
    for (const { key, kind } of operation.writes) if (kind === "put") pool.learn(key, operation.id);
  }
}

function readsOf(states: States): Read[] {
  return [...states].map(([key, seen]) => ({ key, seen }));
}

function writesOf(actions: readonly Action[], before: States): ItemWrite[] {
  return actions.flatMap((action): ItemWrite[] => {
    if (action.kind === "check") return [];
    const { key, kind } = action;
    const seen = before.get(key);
    const over =
      (kind === "append" ? undefined : action.over) ?? (seen === undefined ? undefined : (seen.at(-1) ?? ""));
    return [{ key, kind, over }];
  });
}

function fateOf(answer: Answer | undefined): Fate {
  if (answer === undefined) return "unknown";
  return answer.done ? "done" : "failed";
}

/** Undefined when no answer came. */
async function answered<Result>(sent: Promise<Result>): Promise<Result | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}

function pickKeys(turn: Turn, most: number): readonly string[] {
  return pickSome(turn, turn.pool.readable(), most);
}

/** One to `most` different things. */
function pickSome<Thing>({ draw }: Turn, things: readonly Thing[], most: number): readonly Thing[] {
  const rest = [...things];
  const count = most === 1 ? 1 : 2 + draw.below(most - 1);
  return Array.from({ length: Math.min(count, rest.length) }, () =>
    rest.splice(draw.below(rest.length), 1),
  ).flat();
}

function pickOne<Thing>(turn: Turn, things: readonly Thing[]): Thing {
  const [thing] = pickSome(turn, things, 1);
  if (thing === undefined) throw new Error("there is nothing to pick from");
  return thing;
}
