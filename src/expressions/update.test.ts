import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arbitraryItem, arbitraryNumber, arbitraryValue } from "../../test/fixtures/arbitrary-values.ts";
import type { AttributeValue, Item } from "../model/attribute-value.ts";
import { ServiceError } from "../model/errors.ts";
import type { Path } from "./ast.ts";
import { readExpressions } from "./request.ts";
import { applyUpdate, type Update } from "./update.ts";

function updateOf(text: string, values?: Record<string, AttributeValue>): Update {
  const { update } = readExpressions({ update: text, values }, "enveloped");
  assert(update !== undefined);
  return update;
}

test("what an update does not touch is shared with the item before, which does not change", () => {
  const before: Item = { a: { M: { x: { L: [] }, y: { N: "1" } } }, b: { M: {} } };
  const written = JSON.stringify(before);
  const after = applyUpdate(updateOf("SET a.y = :v", { ":v": { N: "2" } }), before, {});
  assert.equal(JSON.stringify(before), written);
  assert.equal(after?.["b"], before["b"]);
  assert.equal(after?.["a"]?.M?.["x"], before["a"]?.M?.["x"]);
});

test("an update can be applied again, with the same result", () => {
  const update = updateOf("SET a = a + :v, l[3] = :v REMOVE l[0]", { ":v": { N: "2" } });
  const before: Item = { a: { N: "1" }, l: { L: [{ S: "x" }, { S: "y" }] } };
  assert.deepEqual(applyUpdate(update, before, {}), applyUpdate(update, before, {}));
});

test("no name reaches what all objects share", () => {
  const values = { ":v": { S: "polluted" } };
  for (const target of ["#p", "#p.#q", "#c.#p.#q"]) {
    const names = { "#p": "__proto__", "#q": "polluted", "#c": "constructor" };
    const used = Object.fromEntries(Object.entries(names).filter(([name]) => target.includes(name)));
    const { update } = readExpressions({ update: `SET ${target} = :v`, names: used, values }, "enveloped");
    assert(update !== undefined);
    try {
      applyUpdate(update, {}, {});
    } catch (error) {
      assert(error instanceof ServiceError);
    }
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  }
});

// A second opinion: every action by itself, on a copy in which places keep their positions until the end.

interface Change {
  readonly path: Path;
  /** Undefined: remove. */
  readonly value: AttributeValue | undefined;
}

interface Place {
  value: AttributeValue | undefined;
  members?: Map<string, Place>;
  elements?: Map<number, Place>;
}

function placeOf(value: AttributeValue): Place {
  if (value.M !== undefined) {
    return {
      value,
      members: new Map(Object.entries(value.M).map(([name, member]) => [name, placeOf(member)])),
    };
  }
  if (value.L === undefined) return { value };
  return { value, elements: new Map(value.L.map((element, index) => [index, placeOf(element)])) };
}

function valueOf(place: Place): AttributeValue | undefined {
  if (place.value === undefined) return undefined;
  if (place.members !== undefined) {
    const members = [...place.members].map(([name, member]) => [name, valueOf(member)] as const);
    return { M: Object.fromEntries(members.filter((entry) => entry[1] !== undefined)) as Item };
  }
  if (place.elements === undefined) return place.value;
  const elements = [...place.elements].sort(([left], [right]) => left - right);
  return { L: elements.map(([, element]) => valueOf(element)).filter((value) => value !== undefined) };
}

/** Undefined: the paths do not suit the item. */
function changed(item: Item, changes: readonly Change[]): AttributeValue | undefined {
  const root = placeOf({ M: item });
  for (const { path, value } of changes) {
    let parent: Place | undefined = root;
    for (const step of path.slice(0, -1)) {
      parent = typeof step === "number" ? parent?.elements?.get(step) : parent?.members?.get(step);
    }
    const last = path.at(-1);
    if (parent?.value === undefined) return undefined;
    const place: Place = value === undefined ? { value } : { value };
    if (typeof last === "number") {
      if (parent.elements === undefined) return undefined;
      parent.elements.set(last, place);
    } else {
      if (parent.members === undefined || last === undefined) return undefined;
      parent.members.set(last, place);
    }
  }
  return valueOf(root);
}

const arbitraryPath = fc
  .tuple(
    fc.constantFrom("a", "b", "__proto__"),
    fc.array(fc.constantFrom<string | number>("a", "b", "__proto__", 0, 1, 2, 5), { maxLength: 2 }),
  )
  .map(([head, steps]): Path => [head, ...steps]);

const arbitraryChanges = fc.array(
  fc.record({ path: arbitraryPath, value: fc.option(arbitraryValue, { nil: undefined }) }),
  { minLength: 1, maxLength: 5 },
);

interface Statement {
  readonly text: string;
  readonly values: Record<string, AttributeValue>;
  readonly names: Record<string, string>;
}

/** Each change with names and values of its own. */
function statementOf(changes: readonly Change[]): Statement {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const written = (path: Path, index: number) =>
    path
      .map((step, at) => {
        if (typeof step === "number") return `[${step}]`;
        names[`#n${index}_${at}`] = step;
        return `${at === 0 ? "" : "."}#n${index}_${at}`;
      })
      .join("");
  const sets: string[] = [];
  const removes: string[] = [];
  for (const [index, { path, value }] of changes.entries()) {
    if (value === undefined) removes.push(written(path, index));
    else {
      values[`:v${index}`] = value;
      sets.push(`${written(path, index)} = :v${index}`);
    }
  }
  const parts = [
    sets.length > 0 ? `SET ${sets.join()}` : "",
    removes.length > 0 ? `REMOVE ${removes.join()}` : "",
  ];
  return { text: parts.join(" "), names, values };
}

test("an update does to an item what its actions do one by one", () => {
  fc.assert(
    fc.property(arbitraryItem, arbitraryChanges, (item, changes) => {
      const { text, names, values } = statementOf(changes);
      const given = Object.keys(values).length === 0 ? undefined : values;
      let update: Update | undefined;
      try {
        update = readExpressions({ update: text, names, values: given }, "enveloped").update;
      } catch (error) {
        assert(error instanceof ServiceError && error.message.includes("Two document paths"));
        return;
      }
      assert(update !== undefined);
      const expected = changed(item, changes);
      if (expected === undefined) {
        assert.throws(() => applyUpdate(update, item, {}), {
          message: "The document path provided in the update expression is invalid for update",
        });
      } else assert.equal(canonical({ M: applyUpdate(update, item, {}) ?? {} }), canonical(expected));
    }),
    { numRuns: 500 },
  );
});

/** A value as text, whatever the order of the members of its maps. */
function canonical(value: AttributeValue): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1));
  });
}

test("adding and subtracting the same number leaves a number as it was, unless it grows too large", () => {
  const plus = "SET n = n + :v";
  const minus = "SET n = n - :v";
  fc.assert(
    fc.property(arbitraryNumber, arbitraryNumber, (number, change) => {
      const values = { ":v": { N: change } };
      try {
        const more = applyUpdate(updateOf(plus, values), { n: { N: number } }, {});
        assert.deepEqual(applyUpdate(updateOf(minus, values), more, {})?.["n"], { N: number });
      } catch (error) {
        assert(error instanceof ServiceError && error.message.startsWith("Number overflow"));
      }
    }),
  );
});
