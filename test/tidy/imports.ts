import { posix } from "node:path";
import ts from "typescript";
import { isTest, nodesOf, type Complaint, type SourceFile } from "./source-file.ts";

/** Layer → the layers it may import, from the ground up. ARCHITECTURE.md tells what each is. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ["base"],
  values: ["base", "model"],
  expressions: ["base", "model", "values"],
  engine: ["base"],
  store: ["base", "model", "values", "engine"],
  access: ["base", "model"],
  operations: ["base", "model", "values", "expressions", "store", "access"],
  jobs: ["base", "model", "values", "expressions", "store"],
  protocols: ["base", "model", "values", "access", "operations"],
  server: [
    "base",
    "model",
    "values",
    "expressions",
    "engine",
    "store",
    "access",
    "operations",
    "jobs",
    "protocols",
  ],
};

/** Module → the folders of `src/` that may know it. Node's own modules that are not named here are free to use. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/client-kinesis": ["jobs/kinesis"],
  "@aws-sdk/client-lambda": ["server/triggers"],
  "@aws-sdk/client-sns": ["server/triggers"],
  "@aws-sdk/client-sqs": ["server/triggers"],
  lmdb: ["engine/lmdb"],
  pg: ["engine/postgres"],
  pino: ["server"],
  "node:child_process": [],
  "node:cluster": [],
  "node:fs": ["engine/lmdb", "engine/postgres", "server"],
  "node:fs/promises": ["engine/lmdb", "server"],
  "node:http": ["protocols", "server"],
  "node:net": ["protocols", "server"],
  "node:os": ["engine/lmdb", "server"],
  "node:timers": ["base", "server"],
  "node:timers/promises": ["base", "server"],
  "node:worker_threads": ["engine/lmdb", "server"],
};

/** Files of `src/` that others start or use: the command, the package, threads, and the suite for tests of engines. */
const entryPoints = new Set([
  "src/server/main.ts",
  "src/server/index.ts",
  "src/server/triggers/function-worker.js",
  "src/engine/contract.ts",
]);

/** What `file` imports, statically, as types or by `import()`: paths from the root, or names of modules. */
export function importsOf(file: SourceFile): string[] {
  return nodesOf(file).flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    return specifier.startsWith(".") ? [posix.join(posix.dirname(file.path), specifier)] : [specifier];
  });
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return textOf(node.moduleSpecifier);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

export function layerOf(path: string): string | undefined {
  const [top, layer] = path.split("/");
  return top === "src" ? layer : undefined;
}

export function checkDirection(files: readonly SourceFile[]): Complaint[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    if (layer === undefined) return [];
    const allowed = layers[layer];
    if (allowed === undefined) {
      return [
        `${file.path}: ${layer} is no layer. Put the file into one, or add the layer to ARCHITECTURE.md and here`,
      ];
    }
    const wrong = importsOf(file).filter((path) => path.includes("/") && !allowsImport(file, path));
    return wrong.map(
      (path) =>
        `${file.path} imports ${path}, but ${layer} may import ${allowed.join(", ") || "nothing"}. ` +
        "Move what both need down, or hand it in as an argument",
    );
  });
}

function allowsImport(file: SourceFile, path: string): boolean {
  const layer = layerOf(file.path) ?? "";
  const target = layerOf(path);
  // Tests stand above all layers: they may use any of them, and what the tests share.
  if (isTest(file)) return target !== undefined || path.startsWith("test/") || !isInRepository(path);
  if (target === undefined) return !isInRepository(path);
  return target === layer || layers[layer]?.includes(target) === true;
}

function isInRepository(path: string): boolean {
  return /^(\.\.|src|test|bench|scripts)\//.test(path);
}

export function checkModules(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => layerOf(file.path) !== undefined && !isTest(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((path) => !isInRepository(path))
        .flatMap((name) => {
          const allowed = homes[name];
          if (allowed === undefined) {
            if (name.startsWith("node:")) return [];
            return [
              `${file.path} imports ${name}, which has no home. Write down in docs/decisions/ why it is needed, and name its home here`,
            ];
          }
          if (allowed.some((home) => file.path.startsWith(`src/${home}/`))) return [];
          const instead = allowed.length === 0 ? "nothing may" : `only ${allowed.join(" and ")} may`;
          return [`${file.path} imports ${name}, but ${instead}: take what you need of it as an argument`];
        }),
    );
}

export function checkCycles(files: readonly SourceFile[]): Complaint[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const complaints: Complaint[] = [];

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const cycle = [...trail.slice(start), path].join(" → ");
      complaints.push(`${cycle} is a circle of imports. Move what both need into a third`);
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  }

  for (const path of graph.keys()) visit(path, []);
  return complaints;
}

/** A file that is started by its path counts as used where another file or `configuration` spells its name. */
export function checkOrphans(files: readonly SourceFile[], configuration: string): Complaint[] {
  const users = files.filter((file) => !file.path.startsWith("src/") || !file.path.endsWith(".test.ts"));
  const imported = new Set(users.flatMap(importsOf));
  return files
    .filter((file) => !file.path.endsWith(".test.ts") && !entryPoints.has(file.path))
    .filter((file) => !imported.has(file.path) && !isSpelled(file, { files, configuration }))
    .map(({ path }) => `${path} is imported by nothing but tests. Use it or remove it`);
}

function isSpelled(
  { path }: SourceFile,
  { files, configuration }: { files: readonly SourceFile[]; configuration: string },
): boolean {
  if (path.startsWith("src/")) return false;
  if (configuration.includes(path)) return true;
  const name = posix.basename(path);
  return files.some((other) => other.path !== path && other.text.includes(name));
}

export function checkMessageImports(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => isTest(file) && importsOf(file).some((path) => path.startsWith("src/model/messages/")))
    .map(
      ({ path }) =>
        `${path} imports an error text. State the text: a test that shares it cannot see it change`,
    );
}
