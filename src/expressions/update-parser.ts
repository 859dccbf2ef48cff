import { misusedFunction, repeatedSection } from "../model/messages/expressions.ts";
import type { Action, Operand, Parsed, SetValue, UpdateTree } from "./ast.ts";
import { Reader } from "./reader.ts";

const sections = ["SET", "REMOVE", "ADD", "DELETE"] as const;
type Section = (typeof sections)[number];

const keywords: ReadonlySet<string> = new Set(sections);
const arithmeticOperators = ["+", "-"] as const;

export function parseUpdate(text: string): Parsed<UpdateTree> {
  return new UpdateParser(text).parse();
}

class UpdateParser {
  readonly #reader: Reader;

  constructor(text: string) {
    this.#reader = new Reader("UpdateExpression", text, keywords);
  }

  parse(): Parsed<UpdateTree> {
    const actions: Action[] = [];
    const seen = new Set<Section>();
    for (let section = this.#section(); section !== undefined; section = this.#section()) {
      if (seen.has(section)) this.#reader.faults.note("section", repeatedSection(section));
      seen.add(section);
      actions.push(...this.#actions(section));
    }
    if (actions.length === 0) throw this.#reader.syntaxError();
    return this.#reader.finish(actions);
  }

  #section(): Section | undefined {
    return sections.find((section) => this.#reader.takeWord(section));
  }

  #actions(section: Section): Action[] {
    switch (section) {
      case "SET":
        return this.#reader.list(() => this.#set());
      case "REMOVE":
        return this.#reader.list(() => ({ kind: "remove", target: this.#reader.path() }));
      case "ADD":
        return this.#reader.list(() => this.#withValue("add"));
      case "DELETE":
        return this.#reader.list(() => this.#withValue("delete"));
    }
  }

  #set(): Action {
    const target = this.#reader.path();
    this.#reader.expectSymbol("=");
    return { kind: "set", target, value: this.#value() };
  }

  #withValue(kind: "add" | "delete"): Action {
    return { kind, target: this.#reader.path(), value: this.#reader.value() };
  }

  readonly #value = (): SetValue => {
    const reader = this.#reader;
    const left = reader.isSymbol("(") ? reader.group(this.#value) : this.#operand();
    if (left.kind === "arithmetic") return left;
    const operator = reader.takeAny(arithmeticOperators);
    if (operator === undefined) return left;
    reader.countOperator();
    return { kind: "arithmetic", operator, left, right: this.#operand() };
  };

  readonly #operand = (): Operand => {
    const reader = this.#reader;
    if (reader.isSymbol("(")) return reader.group(this.#operand);
    if (reader.isCall()) return this.#call();
    if (reader.isValue()) return { kind: "value", slot: reader.value() };
    return { kind: "path", slot: reader.path() };
  };

  #call(): Operand {
    const call = this.#reader.call(this.#operand);
    if (call.name === "list_append" && call.operands.some(isListAppend)) {
      const fault = misusedFunction("UpdateExpression", "list_append");
      this.#reader.faults.note("misused function", fault);
    }
    return call;
  }
}

function isListAppend(operand: Operand): boolean {
  return operand.kind === "call" && operand.name === "list_append";
}
