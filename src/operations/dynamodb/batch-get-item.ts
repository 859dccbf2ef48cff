import type { Projection } from "../../expressions/projection.ts";
import type { AttributeMap, Item } from "../../model/attribute-value.ts";
import { tooManyItems } from "../../model/messages/batches.ts";
import type { ConsumedCapacity, KeysAndAttributes } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import { readUnits } from "../../store/capacity.ts";
import type { ItemRead, Store } from "../../store/store.ts";
import type { StoredItem } from "../../store/stored-item.ts";
import { checkItem } from "../../values/check.ts";
import { checkNoDuplicates } from "../items/batch-keys.ts";
import { byName } from "../by-name.ts";
import { consistencyOf, type Consistency } from "../consistency.ts";
import { consumedCapacity, type CapacityDetail } from "../consumed-capacity.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { checkKey } from "../items/item-key.ts";
import { checkProjectedKeys } from "../items/key-paths.ts";
import { defineOperation, type Context, type Output } from "../operation.ts";
import { checkAttributesToGet, projected, returnedProjection } from "../items/returned-projection.ts";
import { activeTable } from "../table-reference.ts";

const wording: Wording = "current";

const styles: ParameterStyles = { expressions: ["ProjectionExpression"], legacy: ["AttributesToGet"] };

const keysMax = 100;
/** An answer holds no more than this of items, before projection; the rest is left for the client to ask again. */
const answerBytesMax = 16 * 1_048_576;

/** Reads up to 100 items of one or more tables by their primary keys. */
export const batchGetItem = defineOperation({
  name: "BatchGetItem",
  effect: "read",
  wording,
  resources: (input) => Object.keys(input.RequestItems),

  prepare(input) {
    const blocks = Object.entries(input.RequestItems);
    const keysCount = blocks.reduce((count, [, { Keys }]) => count + Keys.length, 0);
    if (keysCount > keysMax) throw tooManyItems("BatchGetItem");
    checkStylesAlike(blocks.map(([, block]) => block));
    return {
      blocks: blocks.map(([tableName, block]) => readBlock(tableName, block)),
      capacityDetail: input.ReturnConsumedCapacity,
    };
  },

  async execute({ blocks, capacityDetail }, context) {
    const reads: BlockReads[] = [];
    for (const block of blocks) reads.push({ block, reads: await itemReads(block, context) });
    const found = await readBlocks(context.store, reads);
    return answer(found, capacityDetail);
  },
});

/** What is asked of one table. */
interface Block {
  readonly tableName: string;
  /** As the client gave it, to be handed back for keys that were not read. */
  readonly given: KeysAndAttributes;
  readonly keys: readonly Item[];
  readonly projection: Projection | undefined;
  readonly consistency: Consistency;
}

/** What is asked of one table may not be asked in one style, and what is asked of another in the other. */
function checkStylesAlike(blocks: readonly KeysAndAttributes[]): void {
  const legacy = blocks.find(({ AttributesToGet }) => AttributesToGet !== undefined);
  const modern = blocks.find(({ ProjectionExpression }) => ProjectionExpression !== undefined);
  const { AttributesToGet } = legacy ?? {};
  const { ProjectionExpression } = modern ?? {};
  checkParameterStyles({ AttributesToGet, ProjectionExpression }, styles, wording);
}

function readBlock(tableName: string, given: KeysAndAttributes): Block {
  checkParameterStyles(given, styles, wording);
  const keys = given.Keys.map((key) => checkItem(key, wording));
  checkAttributesToGet(given.AttributesToGet);
  checkNoDuplicates(keys);
  return {
    tableName,
    given,
    keys,
    projection: returnedProjection(given.AttributesToGet, readExpressionParameters(given, wording)),
    consistency: consistencyOf(given),
  };
}

async function itemReads(
  { tableName, keys, projection }: Block,
  context: Context,
): Promise<readonly ItemRead[]> {
  const table = await activeTable(context, tableName);
  checkProjectedKeys(table.definition, projection);
  return keys.map((key) => ({ table, key: checkKey(table.definition.keySchema, key) }));
}

interface BlockReads {
  readonly block: Block;
  readonly reads: readonly ItemRead[];
}

interface BlockItems {
  readonly block: Block;
  readonly items: readonly (StoredItem | undefined)[];
}

/** Reads the blocks of one consistency together, in the order of the request. */
async function readBlocks(store: Store, blocks: readonly BlockReads[]): Promise<readonly BlockItems[]> {
  const found = new Map<Block, BlockItems>();
  for (const consistency of ["strong", "eventual"] as const) {
    const alike = blocks.filter(({ block }) => block.consistency === consistency);
    if (alike.length === 0) continue;
    const items = await store.readItems(
      alike.flatMap(({ reads }) => reads),
      consistency,
    );
    let next = 0;
    for (const { block, reads } of alike) {
      found.set(block, { block, items: items.slice(next, next + reads.length) });
      next += reads.length;
    }
  }
  return blocks.flatMap(({ block }) => found.get(block) ?? []);
}

function answer(found: readonly BlockItems[], capacityDetail: CapacityDetail): Output<"BatchGetItem"> {
  const responses = new Map<string, readonly AttributeMap[]>();
  const unprocessed = new Map<string, KeysAndAttributes>();
  const capacities: ConsumedCapacity[] = [];
  let bytesLeft = answerBytesMax;
  for (const { block, items } of found) {
    const { tableName, given } = block;
    const part = fittingPart(block, items, bytesLeft);
    responses.set(tableName, part.returned);
    const capacity = consumedCapacity(capacityDetail, tableName, { table: part.units });
    if (capacity !== undefined) capacities.push(capacity);
    bytesLeft -= part.bytes;
    if (part.count === items.length) continue;
    unprocessed.set(tableName, { ...given, Keys: given.Keys.slice(part.count) });
    bytesLeft = 0; // Once an item did not fit, none behind it is returned.
  }
  return {
    Responses: byName(responses),
    UnprocessedKeys: byName(unprocessed),
    ConsumedCapacity: capacities.length === 0 ? undefined : capacities,
  };
}

/** The first items of a block that the answer has room for. */
interface Part {
  readonly returned: readonly AttributeMap[];
  /** How many of the block's keys it covers. */
  readonly count: number;
  readonly bytes: number;
  readonly units: number;
}

function fittingPart(
  { projection, consistency }: Block,
  items: readonly (StoredItem | undefined)[],
  bytesMax: number,
): Part {
  const returned: AttributeMap[] = [];
  let count = 0;
  let bytes = 0;
  let units = 0;
  for (const stored of items) {
    const size = stored?.sizeBytes ?? 0;
    if (bytes + size > bytesMax) break;
    if (stored !== undefined) returned.push(projected(projection, stored));
    count += 1;
    bytes += size;
    units += readUnits(size, consistency);
  }
  return { returned, count, bytes, units };
}
