/** Reads the rows of a SELECT, one page at a time. */
import { attributesOf, holds } from "../../expressions/evaluate.ts";
import { projectRow } from "../../expressions/partiql/row-projection.ts";
import type { AttributeMap, Item } from "../../model/attribute-value.ts";
import { readUnits } from "../../store/capacity.ts";
import type { Page, PageFilter } from "../../store/page.ts";
import { pageBytesMax } from "../../store/read-page.ts";
import type { Store } from "../../store/store.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import { sumOfUses, useOfPage, type CapacityUse } from "../consumed-capacity.ts";
import type { Reads, SelectPlan } from "./select-plan.ts";

/** Where and how far to read. */
export interface SelectBounds {
  readonly from: Position;
  /** The most items to look at. */
  readonly itemsMax: number | undefined;
}

/** Where a page goes on: in which part of the plan, and behind which item. */
export interface Position {
  readonly part: number;
  /** The key attributes of what is read. Absent: from the start of the part. */
  readonly after?: Item | undefined;
}

export interface SelectPage {
  readonly rows: readonly AttributeMap[];
  /** Absent: there is nothing more. */
  readonly next: Position | undefined;
  /** The key of the last item looked at, where the page ended at it. */
  readonly lastKey: Item | undefined;
  readonly use: CapacityUse;
}

/** A statement whose plan has several parts never looks at more items at once. */
const decomposedItemsMax = 10;

export function readSelectPage(store: Store, plan: SelectPlan, bounds: SelectBounds): Promise<SelectPage> {
  const { reads } = plan;
  return reads.kind === "keys"
    ? readKeys(store, { plan, reads }, bounds)
    : readExtents(store, { plan, reads }, bounds);
}

interface Planned<Kind extends Reads["kind"]> {
  readonly plan: SelectPlan;
  readonly reads: Extract<Reads, { kind: Kind }>;
}

/** Reads items by their keys until enough were there. */
async function readKeys(
  store: Store,
  { plan, reads: { keys } }: Planned<"keys">,
  { from, itemsMax }: SelectBounds,
): Promise<SelectPage> {
  const { source, consistency } = plan;
  const found: StoredItem[] = [];
  const room = Math.min(itemsMax ?? Infinity, decomposedItemsMax);
  let at = from.part;
  let units = 0;
  while (at < keys.length && found.length < room) {
    const asked = keys.slice(at, at + room - found.length);
    at += asked.length;
    const items = await store.readItems(
      asked.map((key) => ({ table: source.table, key })),
      consistency,
    );
    for (const stored of items) {
      units += readUnits(stored?.sizeBytes ?? 0, consistency);
      if (stored !== undefined) found.push(stored);
    }
  }
  const more = at < keys.length;
  return {
    rows: rowsOf(plan, accepted(plan, found)),
    next: more ? { part: at } : undefined,
    lastKey: more ? keys[at - 1] : undefined,
    use: { table: units },
  };
}

/** Reads the extents one after another until one of them ends the page. */
async function readExtents(
  store: Store,
  { plan, reads: { extents, reverse, fetchesItems } }: Planned<"extents">,
  { from, itemsMax }: SelectBounds,
): Promise<SelectPage> {
  const { source, consistency } = plan;
  const shared = { ...source, reverse, fetchesItems, filter: pageFilter(plan), consistency };
  const pages: Page[] = [];
  let room = extents.length > 1 ? Math.min(itemsMax ?? Infinity, decomposedItemsMax) : itemsMax;
  let bytes = 0;
  let { after } = from;
  for (const [offset, extent] of extents.slice(from.part).entries()) {
    const part = from.part + offset;
    if (bytes >= pageBytesMax) return selectPage(plan, pages, { part });
    const page = await store.readPage({ ...shared, extent, after, itemsMax: room });
    pages.push(page);
    if (page.lastKey !== undefined) return selectPage(plan, pages, { part, after: page.lastKey });
    after = undefined;
    bytes += page.scannedBytes;
    if (room !== undefined) room -= page.scannedCount;
  }
  return selectPage(plan, pages, undefined);
}

function selectPage(plan: SelectPlan, pages: readonly Page[], next: Position | undefined): SelectPage {
  const uses = pages.map((page) => useOfPage(page, plan.source.index, plan.consistency));
  return {
    rows: rowsOf(
      plan,
      pages.flatMap(({ items }) => items),
    ),
    next,
    lastKey: next?.after,
    use: sumOfUses(uses),
  };
}

function pageFilter({ filter }: SelectPlan): PageFilter | undefined {
  return filter && { attributes: attributesOf(filter), accepts: (item) => holds(filter, item) };
}

function accepted({ filter }: SelectPlan, items: readonly StoredItem[]): readonly StoredItem[] {
  return filter === undefined ? items : items.filter(({ item }) => holds(filter, item));
}

/** Whole items stay as their bytes: nothing is parsed. */
function rowsOf({ projection }: SelectPlan, items: readonly StoredItem[]): readonly AttributeMap[] {
  return projection === undefined ? items : items.map(({ item }) => projectRow(projection, item));
}
