import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** One file of the repository, by its path from the root with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a check has to say of a file, with what to do instead. */
export type Complaint = string;

export const root = join(import.meta.dirname, "../..");

const skippedFolders = new Set([".git", "node_modules", "dist", "stator-data"]);

/** Every file under `folder` whose name ends in one of `endings`. */
export function filesUnder(folder: string, endings: readonly string[]): SourceFile[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : filesUnder(path, endings);
    if (!endings.some((ending) => entry.name.endsWith(ending))) return [];
    return [{ path, text: readFileSync(join(root, path), "utf8") }];
  });
}

export function isTest({ path }: SourceFile): boolean {
  return path.startsWith("test/") || path.endsWith(".test.ts") || path.startsWith("src/engine/contract");
}

export function isGenerated({ path }: SourceFile): boolean {
  return path.includes(".generated.");
}

const trees = new WeakMap<SourceFile, ts.SourceFile>();

export function treeOf(file: SourceFile): ts.SourceFile {
  const known = trees.get(file);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  trees.set(file, tree);
  return tree;
}

/** Every node of the file, parents before children. */
export function nodesOf(file: SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(treeOf(file));
  return nodes;
}

/** Where `node` starts, such as `src/base/clock.ts:12`. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${lineOf(file, node.getStart(treeOf(file)))}`;
}

export function lineOf(file: SourceFile, position: number): number {
  return treeOf(file).getLineAndCharacterOfPosition(position).line + 1;
}
