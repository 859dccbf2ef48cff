import type { Item, Path, Value } from "./values.ts";

/** Names that are written in place; all others go through a placeholder. None is a reserved word. */
const plainName = /^[a-z]+\d$/;

/** Collects ExpressionAttributeNames and ExpressionAttributeValues while expressions are printed. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: Value[] = [];

  path(steps: Path): string {
    return steps
      .map((step, index) => {
        if (typeof step === "number") return `[${step}]`;
        const name = plainName.test(step) ? step : this.#placeholderOf(step);
        return index === 0 ? name : `.${name}`;
      })
      .join("");
  }

  value(value: Value): string {
    this.#values.push(value);
    return `:v${this.#values.length - 1}`;
  }

  /** The two request members; a map that nobody used is left out, as the service wants. */
  get members(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Item } {
    return { ...this.names, ...this.values };
  }

  get names(): { ExpressionAttributeNames?: Record<string, string> } {
    if (this.#names.size === 0) return {};
    const entries = [...this.#names].map(([name, placeholder]) => [placeholder, name]);
    return { ExpressionAttributeNames: Object.fromEntries(entries) as Record<string, string> };
  }

  get values(): { ExpressionAttributeValues?: Item } {
    if (this.#values.length === 0) return {};
    const entries = this.#values.map((value, index) => [`:v${index}`, value]);
    return { ExpressionAttributeValues: Object.fromEntries(entries) as Item };
  }

  #placeholderOf(name: string): string {
    const placeholder = this.#names.get(name) ?? `#n${this.#names.size}`;
    this.#names.set(name, placeholder);
    return placeholder;
  }
}
