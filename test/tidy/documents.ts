import { posix } from "node:path";
import type { Complaint, SourceFile } from "./source-file.ts";

/** Folders of `src/` that hold files, by their paths within it. */
export function foldersOf(files: readonly SourceFile[]): Set<string> {
  const folders = new Set<string>();
  for (const { path } of files) {
    if (!path.startsWith("src/")) continue;
    for (let folder = posix.dirname(path.slice(4)); folder !== "."; folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

/** `document` names folders of `src/` as `folder/` in code spans, and all others with their path from the root. */
export function checkFolders(document: SourceFile, files: readonly SourceFile[]): Complaint[] {
  const exist = foldersOf(files);
  const named = new Set<string>();
  for (const [, span = ""] of document.text.matchAll(/`([a-z0-9./-]+)\/`/g)) {
    if (!/^(\.ci|bench|docs|dist|scripts|src|test)(\/|$)/.test(span)) named.add(span);
  }
  return [
    ...[...exist]
      .filter((folder) => !named.has(folder))
      .map((folder) => `${document.path} does not name \`${folder}/\`. Say there what it is`),
    ...[...named]
      .filter((folder) => !exist.has(folder))
      .map((folder) => `${document.path} names \`${folder}/\`, which src/ does not hold. Take it out`),
  ];
}

/** The layer table of `document`: first column the layer, last column what it may import. */
export function checkLayerTable(
  document: SourceFile,
  layers: Readonly<Record<string, readonly string[]>>,
): Complaint[] {
  const rows = [...document.text.matchAll(/^\| `([a-z]+)\/` *\|.*\| ([^|]+?) *\|$/gm)];
  const told = Object.fromEntries(rows.map(([, layer = "", imports = ""]) => [layer, imports]));
  return Object.entries(layers)
    .filter(([layer, imports]) => told[layer] !== wordingOf(imports, layers))
    .map(
      ([layer, imports]) =>
        `${document.path} says that ${layer} may import "${told[layer] ?? ""}", the test says ` +
        `"${wordingOf(imports, layers)}". Make them say the same`,
    );
}

function wordingOf(imports: readonly string[], layers: Readonly<Record<string, readonly string[]>>): string {
  if (imports.length === 0) return "nothing";
  return imports.length === Object.keys(layers).length - 1 ? "everything" : imports.join(", ");
}

/** Links from one document to another file of the repository; `paths` are all its files and folders. */
export function checkLinks(documents: readonly SourceFile[], paths: ReadonlySet<string>): Complaint[] {
  return documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link.replace(/#.*$/, ""))
      .filter((link) => link !== "" && !/^[a-z]+:/.test(link))
      .filter((link) => !paths.has(posix.join(posix.dirname(path), link).replace(/\/$/, "")))
      .map((link) => `${path} links to ${link}, which does not exist. Mend the link`),
  );
}

/** What users can set must be in the table that tells them. An empty fallback is none. */
export function checkOptionTable(
  document: SourceFile,
  options: readonly { readonly name: string; readonly variable: string; readonly fallback: string }[],
): Complaint[] {
  return options
    .filter(({ name, variable, fallback }) => {
      const row = document.text.split("\n").find((line) => line.startsWith(`| \`--${name}`));
      const told = fallback === "" ? [variable] : [variable, fallback];
      return !told.every((text) => row?.includes(`\`${text}\``));
    })
    .map(
      ({ name, variable, fallback }) =>
        `${document.path} has no row for --${name} with ${variable} and ${fallback}. Write it into the option table`,
    );
}
