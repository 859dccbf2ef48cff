/** How a thread is started, whether or not this Node.js reads TypeScript by itself. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FunctionUnavailableError } from "../../base/functions.ts";

export interface ThreadStart {
  /** A file, or code where `eval` is set. */
  readonly entry: URL | string;
  readonly eval: boolean;
  /** The URL of the function's module. */
  readonly module: string;
}

/** Throws a `FunctionUnavailableError` where the module cannot be had. */
export function planThread(path: string): ThreadStart {
  if (!existsSync(path)) throw new FunctionUnavailableError(`there is no file ${path}`);
  const module = pathToFileURL(path).href;
  const entry = workerFile();
  if (readsTypeScript || !isTypeScript(path)) return { entry, eval: false, module };
  const loader = findLoader(path);
  if (loader === undefined) {
    throw new FunctionUnavailableError(
      `Node.js ${process.versions.node} cannot load ${path}: use Node.js 22.18 or newer, install tsx beside it, ` +
        "or compile it to JavaScript",
    );
  }
  return { entry: loaderCode(loader, entry.href), eval: true, module };
}

/** Beside this file among the sources; in the package, where the build puts it. */
function workerFile(): URL {
  if (isTypeScript(import.meta.url)) return new URL("./function-worker.js", import.meta.url);
  return new URL("./dist/server/triggers/function-worker.js", import.meta.resolve("stator/package.json"));
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?ts$/.test(path);
}

/** Node.js 22.18 and newer strip types. */
const readsTypeScript = Boolean(Reflect.get(process.features, "typescript"));

interface Loader {
  readonly modules: string;
  readonly commonJs: string;
}

function findLoader(from: string): Loader | undefined {
  try {
    const { resolve } = createRequire(from);
    // What `require` finds of the former is its CommonJS form, which cannot register itself in a thread.
    return {
      modules: resolve("tsx/esm/api").replace(/\.cjs$/, ".mjs"),
      commonJs: resolve("tsx/cjs/api"),
    };
  } catch {
    return undefined;
  }
}

/** Threads do not inherit loaders, hence each registers its own. */
function loaderCode({ modules, commonJs }: Loader, entry: string): string {
  const imports = [modules, commonJs].map((path) => `import(${JSON.stringify(pathToFileURL(path).href)})`);
  return (
    `Promise.all([${imports.join(", ")}])` +
    `.then((loaders) => { for (const { register } of loaders) register(); })` +
    `.then(() => import(${JSON.stringify(entry)}))`
  );
}
