import type { Fate } from "./history.ts";
import { keyOf, type Action, type Place } from "./subject.ts";

/**
 * How an item is used. `lasting`: made at the start and never deleted. `mortal`: made and deleted once by conditional
 * writes or transactions. `brief`: the same by batches alone, which have no conditions.
 */
type Kind = "lasting" | "mortal" | "brief";

/** The birth or death of an item. */
type LifeStep = Extract<Action, { kind: "put" | "delete" }>;

type Life = "unborn" | "alive" | "busy" | "dead";

interface Entry {
  readonly key: string;
  readonly kind: Kind;
  readonly place: Place;
  life: Life;
  /** The version that somebody saw last: a guess at what is there. */
  version: string;
}

const mortalsPerPlace = 2;
/** Dead items that are still looked for. */
const remembered = 3;

/** The few items that all clients of a history share, so that they collide. */
export class KeyPool {
  readonly #entries = new Map<string, Entry>();
  readonly #current: Entry[] = [];
  #named = 0;

  constructor(places: readonly Place[]) {
    for (const place of places) {
      this.#add("lasting", place);
      for (let count = 0; count < mortalsPerPlace; count++) this.#add("mortal", place);
      this.#add("brief", place);
    }
  }

  /** Every key there ever was. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  get lasting(): readonly string[] {
    return this.#current.filter(({ kind }) => kind === "lasting").map(({ key }) => key);
  }

  /** Keys to read: now and then of items that are gone or not there yet. */
  readable(): readonly string[] {
    return this.#current.map(({ key }) => key);
  }

  readableIn({ table, collection }: Place): readonly string[] {
    return this.#current
      .filter(({ place }) => place.table === table && place.collection === collection)
      .map(({ key }) => key);
  }

  /** Keys that appends may go to. */
  writable(): readonly { readonly key: string; readonly mustExist: boolean }[] {
    return this.#current
      .filter(({ kind, life }) => kind !== "brief" && (life === "alive" || life === "busy"))
      .map(({ key, kind }) => ({ key, mustExist: kind === "mortal" }));
  }

  /** Keys of items that nobody has made yet: those that somebody is about to make, where there are any. */
  unborn(): readonly string[] {
    const mortals = this.#current.filter(({ kind, version }) => kind === "mortal" && version === "");
    const busy = mortals.filter(({ life }) => life === "busy");
    // One that waits for its own birth is among them.
    return (busy.length > 1 ? busy : mortals.filter(({ life }) => life !== "dead")).map(({ key }) => key);
  }

  /** Takes an item whose life may go on by one step; nobody else gets it until `settle`. */
  reserve(kind: "mortal" | "brief", random: () => number): LifeStep | undefined {
    const candidates = this.#current.filter(
      (entry) =>
        entry.kind === kind && (entry.life === "unborn" || (entry.life === "alive" && entry.version !== "")),
    );
    const entry = candidates[Math.floor(random() * candidates.length)];
    if (entry === undefined) return undefined;
    const isBirth = entry.life === "unborn";
    entry.life = "busy";
    return { kind: isBirth ? "put" : "delete", key: entry.key, over: isBirth ? "" : entry.version };
  }

  /** The same step, on condition of what was seen since. */
  refreshed(step: LifeStep): LifeStep {
    return step.kind === "put" ? step : { ...step, over: this.versionOf(step.key) };
  }

  /** Tells what became of a reserved birth or death. */
  settle(action: Action, fate: Fate): void {
    const entry = this.#entries.get(action.key);
    if (entry?.life !== "busy") return;
    const isBirth = action.kind === "put";
    if (fate === "failed") entry.life = isBirth ? "unborn" : "alive";
    else if (isBirth) entry.life = "alive";
    else this.#retire(entry);
  }

  learn(key: string, version: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && version !== "") entry.version = version;
  }

  versionOf(key: string): string {
    return this.#entries.get(key)?.version ?? "";
  }

  #add(kind: Kind, place: Place): void {
    const key = keyOf(place, `${kind}${this.#named++}`);
    const entry: Entry = { key, kind, place, life: kind === "lasting" ? "alive" : "unborn", version: "" };
    this.#entries.set(key, entry);
    this.#current.push(entry);
  }

  #retire(entry: Entry): void {
    entry.life = "dead";
    const dead = this.#current.filter(({ life }) => life === "dead");
    const [oldest] = dead;
    if (dead.length > remembered && oldest !== undefined)
      this.#current.splice(this.#current.indexOf(oldest), 1);
    this.#add(entry.kind, entry.place);
  }
}
