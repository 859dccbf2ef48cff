import ts from "typescript";
import { layerOf } from "./imports.ts";
import {
  isGenerated,
  isTest,
  lineOf,
  nodesOf,
  placeOf,
  type Complaint,
  type SourceFile,
} from "./source-file.ts";

/** What makes two runs of the same code differ. It comes in as an argument instead. */
const ambientMembers = new Set([
  "Date.now",
  "Math.random",
  "performance.now",
  "process.env",
  "process.hrtime",
]);
const ambientFunctions = new Set([
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
  ...["randomBytes", "randomUUID", "randomInt", "randomFillSync", "getRandomValues"],
]);
const ambientLayers = new Set(["base", "server"]);

export function checkAmbient(files: readonly SourceFile[]): Complaint[] {
  return files.filter(isBelowServer).flatMap((file) =>
    nodesOf(file).flatMap((node) => {
      const ambient = ambientIn(node);
      if (ambient === undefined) return [];
      return [
        `${placeOf(file, node)} uses ${ambient}. Take the clock, the randomness or the setting as an argument`,
      ];
    }),
  );
}

function isBelowServer(file: SourceFile): boolean {
  const layer = layerOf(file.path);
  return layer !== undefined && !ambientLayers.has(layer) && !isTest(file);
}

function ambientIn(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    return ambientMembers.has(member) ? member : undefined;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return ambientFunctions.has(node.expression.text) ? node.expression.text : undefined;
  }
  const isClockRead =
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "Date" &&
    (node.arguments?.length ?? 0) === 0;
  return isClockRead ? "new Date()" : undefined;
}

/** Calls that make an error of the service out of its text. */
const refusals = new Set(["invalid", "invalidRequest", "RequestError", "ServiceError"]);

export function checkErrorTexts(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => layerOf(file.path) !== undefined && !isTest(file))
    .filter(({ path }) => !path.startsWith("src/model/messages/"))
    .flatMap((file) =>
      nodesOf(file)
        .filter(isRefusalByText)
        .map(
          (node) => `${placeOf(file, node)} writes an error text. Give it a function in src/model/messages/`,
        ),
    );
}

function isRefusalByText(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  if (!ts.isIdentifier(node.expression) || !refusals.has(node.expression.text)) return false;
  const message = node.expression.text === "ServiceError" ? node.arguments?.[1] : node.arguments?.[0];
  return message !== undefined && containsText(message);
}

function containsText(node: ts.Node): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return true;
  if (ts.isBinaryExpression(node)) return containsText(node.left) || containsText(node.right);
  if (ts.isConditionalExpression(node)) return containsText(node.whenTrue) || containsText(node.whenFalse);
  return ts.isParenthesizedExpression(node) && containsText(node.expression);
}

export function checkDefaultExports(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter(({ path }) => path.endsWith(".ts"))
    .flatMap((file) =>
      nodesOf(file)
        .filter(isDefaultExport)
        .map((node) => `${placeOf(file, node)} exports a default. Export by name, the name of the file`),
    );
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return ts.isExportAssignment(node) || node.kind === ts.SyntaxKind.DefaultKeyword;
}

/** Type assertions, where the compiler is told and not asked. `as const` tells it nothing. */
export function castsIn(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => layerOf(file.path) !== undefined && !isTest(file) && !isGenerated(file))
    .flatMap((file) =>
      nodesOf(file)
        .filter((node) => ts.isAsExpression(node) && node.type.getText() !== "const")
        .map((node) => placeOf(file, node)),
    );
}

/** Spelled so that this file passes its own check. */
const reminder = new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b(?!\\(#\\d+\\))`);

export function checkReminders(files: readonly SourceFile[]): Complaint[] {
  return files
    .filter((file) => !isGenerated(file))
    .flatMap((file) =>
      file.text
        .split("\n")
        .flatMap((line, index) =>
          reminder.test(line)
            ? [
                `${file.path}:${index + 1} has a reminder without a number. Do it, or open an issue and name it (#1)`,
              ]
            : [],
        ),
    );
}

/** Rules of the linter that are switched off somewhere. */
export function checkLintExceptions(files: readonly SourceFile[]): Complaint[] {
  const exception = new RegExp(`${"eslint-" + "disable"}|@ts-(?:ignore|nocheck)|@ts-expect-error(?! \\S)`);
  return files.flatMap((file) => {
    const position = file.text.search(exception);
    if (position < 0) return [];
    return [`${file.path}:${lineOf(file, position)} switches a check off. Write the code that passes it`];
  });
}
