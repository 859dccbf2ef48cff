import { ChunkBuilder } from "../chunk-builder.ts";
import type { Chunk, KeyRange, ScanOptions } from "../engine.ts";
import { compareKeys } from "./compare-keys.ts";
import { countBelow, isLeaf, type Tree } from "./node.ts";

const noBytes = new Uint8Array(0);

/** One chunk of the entries of `tree` in `range`. */
export function scanTree(tree: Tree, range: KeyRange, options: ScanOptions): Chunk {
  const walk = { range, reverse: options.reverse === true, withValues: options.values !== false };
  const chunk = new ChunkBuilder(options);
  if (compareKeys(range.from, range.until) < 0) visit(tree, walk, chunk);
  return chunk.finish();
}

interface Walk {
  readonly range: KeyRange;
  readonly reverse: boolean;
  readonly withValues: boolean;
}

/** Offers every entry in range to `chunk`, in order; false once it takes no more. */
function visit(tree: Tree, walk: Walk, chunk: ChunkBuilder): boolean {
  const { range, reverse } = walk;
  const first = countBelow(tree.keys, range.from);
  // The child behind a separator below `until` may hold entries in range as well.
  const last = countBelow(tree.keys, range.until) - (isLeaf(tree) ? 1 : 0);
  for (let step = 0; step <= last - first; step++) {
    if (!visitAt(tree, reverse ? last - step : first + step, walk, chunk)) return false;
  }
  return true;
}

function visitAt(tree: Tree, index: number, walk: Walk, chunk: ChunkBuilder): boolean {
  if (!isLeaf(tree)) {
    const child = tree.children[index];
    return child === undefined || visit(child, walk, chunk);
  }
  const key = tree.keys[index];
  const value = walk.withValues ? tree.values[index] : noBytes;
  return key === undefined || value === undefined || chunk.add(key, value);
}
