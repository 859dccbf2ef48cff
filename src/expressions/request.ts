import { utf8Size } from "../base/text.ts";
import type { AttributeValue } from "../model/attribute-value.ts";
import {
  emptyExpression,
  expressionTooLarge,
  unusedPlaceholders,
  type ExpressionParameter,
} from "../model/messages/expressions.ts";
import type { Wording } from "../model/wording.ts";
import type { ConditionTree, Parsed, ProjectionTree, UpdateTree } from "./ast.ts";
import { checkCondition } from "./check-condition.ts";
import { checkDefined, checkUpdate, throwClash } from "./check-update.ts";
import { parseCondition } from "./condition-parser.ts";
import type { Condition } from "./evaluate.ts";
import { keyConditionOf, type KeyCondition } from "./key-condition.ts";
import { expressionBytesMax } from "./limits.ts";
import { pathTree } from "./path-tree.ts";
import { readPlaceholders } from "./placeholders.ts";
import { parseProjection } from "./projection-parser.ts";
import type { Projection } from "./projection.ts";
import { pathAt, scopeOf, type Placeholders } from "./scope.ts";
import { TextCache } from "./text-cache.ts";
import { parseUpdate } from "./update-parser.ts";
import type { Update } from "./update.ts";

/** The expressions of a request and what their placeholders stand for. The values need not be checked. */
export interface ExpressionTexts {
  readonly condition?: string | undefined;
  readonly filter?: string | undefined;
  readonly keyCondition?: string | undefined;
  readonly projection?: string | undefined;
  readonly update?: string | undefined;
  readonly names?: { readonly [placeholder: string]: string } | undefined;
  readonly values?: { readonly [placeholder: string]: AttributeValue } | undefined;
}

/** The expressions of a request, ready for use. */
export interface Expressions {
  readonly condition?: Condition | undefined;
  readonly filter?: Condition | undefined;
  readonly keyCondition?: KeyCondition | undefined;
  readonly projection?: Projection | undefined;
  readonly update?: Update | undefined;
}

/** Reads all expressions of a request; refuses the first fault in the service's order. */
export function readExpressions(texts: ExpressionTexts, wording: Wording): Expressions {
  const reader = new RequestReader(texts, wording);
  const parsed = reader.read();
  reader.checkUsed();
  return finished(parsed);
}

/** What one of several parts of a request says. */
export interface ReadPart {
  readonly expressions: Expressions;
  /** Refuses placeholders that no text uses: the last step, and one that comes behind the other parts' own faults. */
  readonly checkUsed: () => void;
}

/** Reads the expressions of a part of a request; refuses the first fault but an unused placeholder. */
export function readPart(texts: ExpressionTexts, wording: Wording): ReadPart {
  const reader = new RequestReader(texts, wording);
  return {
    expressions: finished(reader.read()),
    checkUsed: () => {
      reader.checkUsed();
    },
  };
}

/** Key conditions are plain conditions until the rest of the request is known to be in order. */
interface ParsedExpressions extends Omit<Expressions, "keyCondition"> {
  readonly keyCondition: Condition | undefined;
}

function finished({ update, condition, keyCondition, filter, projection }: ParsedExpressions): Expressions {
  return {
    update,
    condition,
    keyCondition: keyCondition && keyConditionOf(keyCondition),
    filter,
    projection,
  };
}

// Clients send few different texts, very often: a tree depends on its text alone and is never changed.
const cachedMax = 500;
const conditions = new TextCache<Parsed<ConditionTree>>(cachedMax);
const projections = new TextCache<Parsed<ProjectionTree>>(cachedMax);
const updates = new TextCache<Parsed<UpdateTree>>(cachedMax);

class RequestReader {
  readonly #texts: ExpressionTexts;
  readonly #wording: Wording;
  readonly #placeholders: Placeholders;
  readonly #read: Parsed<unknown>[] = [];

  constructor(texts: ExpressionTexts, wording: Wording) {
    this.#texts = texts;
    this.#wording = wording;
    this.#placeholders = readPlaceholders(texts, wording);
  }

  read(): ParsedExpressions {
    const texts = this.#texts;
    return {
      update: this.#update(texts.update),
      condition: this.#condition("ConditionExpression", texts.condition),
      keyCondition: this.#condition("KeyConditionExpression", texts.keyCondition),
      filter: this.#condition("FilterExpression", texts.filter),
      projection: this.#projection(texts.projection),
    };
  }

  #update(text: string | undefined): Update | undefined {
    if (text === undefined) return undefined;
    this.#checkSize("UpdateExpression", text);
    const parsed = updates.get(text, parseUpdate);
    this.#read.push(parsed);
    return checkUpdate(parsed, this.#placeholders);
  }

  #condition(parameter: ExpressionParameter, text: string | undefined): Condition | undefined {
    if (text === undefined) return undefined;
    this.#checkSize(parameter, text);
    const parsed = conditions.get(text, () => parseCondition(parameter, text));
    this.#read.push(parsed);
    return { tree: parsed.tree, scope: checkCondition(parsed, this.#placeholders, parameter) };
  }

  #projection(text: string | undefined): Projection | undefined {
    if (text === undefined) return undefined;
    this.#checkSize("ProjectionExpression", text);
    const parsed = projections.get(text, parseProjection);
    this.#read.push(parsed);
    checkDefined(parsed, this.#placeholders, "ProjectionExpression");
    const scope = scopeOf(parsed, this.#placeholders);
    const paths = parsed.tree.map((slot) => pathAt(scope, slot));
    const tree = pathTree(paths);
    if (tree === undefined) throwClash("ProjectionExpression", paths);
    return { tree };
  }

  #checkSize(parameter: ExpressionParameter, text: string): void {
    if (text === "") throw emptyExpression(parameter);
    // No character takes more than three bytes for each of its code units.
    if (text.length * 3 <= expressionBytesMax) return;
    const bytes = utf8Size(text);
    if (bytes > expressionBytesMax) throw expressionTooLarge(parameter, bytes, this.#wording);
  }

  checkUsed(): void {
    const { names, values } = this.#placeholders;
    const usedNames = this.#read.map((parsed) => parsed.names);
    const usedValues = this.#read.map((parsed) => parsed.values);
    const unusedNames = unused(names, usedNames);
    if (unusedNames.length > 0) throw unusedPlaceholders("ExpressionAttributeNames", unusedNames);
    const unusedValues = unused(values, usedValues);
    if (unusedValues.length > 0) throw unusedPlaceholders("ExpressionAttributeValues", unusedValues);
  }
}

/** The placeholders that no text uses. Each text lists what it uses, all of it defined, without repetitions. */
function unused(placeholders: object, users: readonly (readonly string[])[]): readonly string[] {
  const keys = Object.keys(placeholders);
  // So a text that uses as many placeholders as there are uses them all.
  if (keys.length === 0 || users.some((used) => used.length === keys.length)) return [];
  const used = new Set(users.flat());
  return keys.filter((key) => !used.has(key));
}
