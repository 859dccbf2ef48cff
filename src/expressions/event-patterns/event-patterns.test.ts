import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesEvent } from "./matches-event.ts";
import { parseEventPattern } from "./parse-event-pattern.ts";

function matches(pattern: unknown, event: unknown): boolean {
  const parsed = parseEventPattern(JSON.stringify(pattern));
  assert.ok(parsed, `${JSON.stringify(pattern)} is a pattern`);
  return matchesEvent(parsed, event);
}

const cases: readonly [title: string, pattern: object, matching: unknown[], other: unknown[]][] = [
  [
    "a value is one of those listed",
    { a: ["x", 5, true, null] },
    [{ a: "x" }, { a: 5 }, { a: true }, { a: null }],
    [{ a: "X" }, { a: "5" }, { a: false }, {}, { a: { x: 1 } }, null, 7],
  ],
  ["an empty string is a value", { a: [""] }, [{ a: "" }], [{ a: " " }, { a: null }, {}]],
  [
    "every field must match",
    { a: ["x"], b: ["y"] },
    [{ a: "x", b: "y", c: 1 }],
    [{ a: "x" }, { a: "x", b: "x" }],
  ],
  [
    "patterns nest",
    { a: { b: { c: [1] } } },
    [{ a: { b: { c: 1 } } }],
    [{ a: { b: 1 } }, { a: { c: 1 } }, { a: { b: { c: {} } } }],
  ],
  [
    "a prefix begins a string",
    { a: [{ prefix: "ab" }] },
    [{ a: "abc" }, { a: "ab" }],
    [{ a: "Abc" }, { a: "a" }, { a: 5 }],
  ],
  [
    "a prefix can ignore case",
    { a: [{ prefix: { "equals-ignore-case": "aB" } }] },
    [{ a: "Abc" }],
    [{ a: "xab" }],
  ],
  [
    "a suffix ends a string",
    { a: [{ suffix: ".jpg" }] },
    [{ a: "x.jpg" }],
    [{ a: "x.JPG" }, { a: "x.jpgs" }],
  ],
  [
    "a suffix can ignore case",
    { a: [{ suffix: { "equals-ignore-case": ".JPG" } }] },
    [{ a: "x.Jpg" }],
    [{ a: "x.png" }],
  ],
  [
    "case can be ignored",
    { a: [{ "equals-ignore-case": "AbC" }] },
    [{ a: "aBc" }],
    [{ a: "abcd" }, { a: 1 }],
  ],
  [
    "anything but one value",
    { a: [{ "anything-but": "x" }] },
    [{ a: "y" }, { a: 5 }, { a: null }],
    [{ a: "x" }, {}, { a: {} }],
  ],
  [
    "anything but several strings",
    { a: [{ "anything-but": ["x", "y"] }] },
    [{ a: "z" }],
    [{ a: "x" }, { a: "y" }],
  ],
  ["anything but several numbers", { a: [{ "anything-but": [1, 2] }] }, [{ a: 3 }, { a: "1" }], [{ a: 1 }]],
  ["anything but a prefix", { a: [{ "anything-but": { prefix: "x" } }] }, [{ a: "ax" }], [{ a: "xa" }]],
  [
    "anything but several prefixes",
    { a: [{ "anything-but": { prefix: ["x", "y"] } }] },
    [{ a: "z" }],
    [{ a: "x" }, { a: "yes" }],
  ],
  ["anything but a suffix", { a: [{ "anything-but": { suffix: "x" } }] }, [{ a: "xa" }], [{ a: "ax" }]],
  [
    "anything but, ignoring case",
    { a: [{ "anything-but": { "equals-ignore-case": ["x", "y"] } }] },
    [{ a: "z" }],
    [{ a: "X" }, { a: "y" }],
  ],
  ["a number equals", { a: [{ numeric: ["=", 5] }] }, [{ a: 5 }, { a: 5.0 }], [{ a: "5" }, { a: 6 }]],
  ["a number is below", { a: [{ numeric: ["<", 5] }] }, [{ a: 4.9 }], [{ a: 5 }]],
  ["a number is at most", { a: [{ numeric: ["<=", 5] }] }, [{ a: 5 }], [{ a: 5.1 }]],
  ["a number is above", { a: [{ numeric: [">", -1] }] }, [{ a: 0 }], [{ a: -1 }]],
  [
    "a number is in a range",
    { a: [{ numeric: [">", 0, "<=", 5] }] },
    [{ a: 5 }, { a: 0.1 }],
    [{ a: 0 }, { a: 6 }],
  ],
  ["a range includes what it says", { a: [{ numeric: [">=", 0, "<", 5] }] }, [{ a: 0 }], [{ a: 5 }]],
  [
    "a value exists",
    { a: { b: [{ exists: true }] } },
    [{ a: { b: "" } }, { a: { b: null } }, { a: { b: [1] } }],
    [{ a: {} }, {}, { a: { b: {} } }, { a: { b: [] } }],
  ],
  [
    "a value does not exist",
    { a: { b: [{ exists: false }] } },
    [{ a: {} }, {}, { a: 5 }, { a: { b: {} } }, { a: [] }],
    [{ a: { b: 0 } }],
  ],
  [
    "one of several matchers is enough",
    { a: [{ prefix: "x" }, { exists: false }, 5] },
    [{ a: "x1" }, {}, { a: 5 }],
    [{ a: "y" }],
  ],
  [
    "$or wants one of its patterns",
    { a: [1], $or: [{ b: [1] }, { c: { d: [1] } }] },
    [
      { a: 1, b: 1 },
      { a: 1, c: { d: 1 } },
    ],
    [{ a: 1 }, { b: 1 }, { a: 1, b: 2 }],
  ],
  [
    "$or nests",
    { a: { $or: [{ b: [1] }, { $or: [{ c: [1] }, { d: [1] }] }] } },
    [{ a: { d: 1 } }],
    [{ d: 1 }],
  ],
  ["$or of values is a field", { $or: ["x", "y"] }, [{ $or: "x" }], [{ x: "x" }]],
  ["$or of matchers is a field", { $or: [{ prefix: "x" }, { prefix: "y" }] }, [{ $or: "xx" }], [{}]],
  [
    "one member of a list is enough",
    { a: ["x"] },
    [{ a: ["y", "x"] }, { a: [["x"]] }],
    [{ a: ["y"] }, { a: [] }],
  ],
  [
    "one object of a list must match as a whole",
    { a: { b: [1], c: [1] } },
    [{ a: [{ b: 2 }, { b: 1, c: 1 }] }],
    [{ a: [{ b: 1 }, { c: 1 }] }, { a: ["b"] }],
  ],
  [
    "names of the language's own are but names",
    { constructor: [{ exists: false }], toString: ["x"] },
    [{ toString: "x" }],
    [{}, { toString: "x", constructor: 1 }],
  ],
  [
    "records of a stream",
    { eventName: ["INSERT"], dynamodb: { NewImage: { state: { S: [{ prefix: "Te" }] } } } },
    [{ eventName: "INSERT", dynamodb: { NewImage: { state: { S: "Texas" } } } }],
    [{ eventName: "INSERT", dynamodb: { OldImage: { state: { S: "Texas" } } } }],
  ],
];

for (const [title, pattern, matching, other] of cases) {
  test(`event pattern: ${title}`, () => {
    for (const event of matching) assert.equal(matches(pattern, event), true, JSON.stringify(event));
    for (const event of other) assert.equal(matches(pattern, event), false, JSON.stringify(event));
  });
}

test("a field called __proto__ is matched like any other", () => {
  const pattern = parseEventPattern('{"__proto__":{"S":["x"]}}');
  assert.ok(pattern);
  assert.equal(matchesEvent(pattern, JSON.parse('{"__proto__":{"S":"x"}}')), true);
  assert.equal(matchesEvent(pattern, {}), false);
});

const refused = [
  ...[
    "",
    "nonsense",
    "[]",
    "5",
    "null",
    '"x"',
    "{}",
    '{"a":{}}',
    '{"a":[]}',
    '{"a":"x"}',
    '{"a":5}',
    '{"a":null}',
  ],
  ...['{"a":[{}]}', '{"a":[[]]}', '{"a":[{"b":["x"]}]}', '{"a":[{"prefix":"x","suffix":"y"}]}'],
  ...['{"a":[{"prefix":5}]}', '{"a":[{"prefix":["x"]}]}', '{"a":[{"suffix":{"prefix":"x"}}]}'],
  ...['{"a":[{"equals-ignore-case":5}]}', '{"a":[{"exists":"true"}]}', '{"a":[{"wildcard":"x*"}]}'],
  ...['{"a":[{"anything-but":[]}]}', '{"a":[{"anything-but":["x",5]}]}', '{"a":[{"anything-but":[true]}]}'],
  ...['{"a":[{"anything-but":{"prefix":""}}]}', '{"a":[{"anything-but":{"numeric":["=",1]}}]}'],
  ...[
    '{"a":[{"anything-but":{"prefix":[]}}]}',
    '{"a":[{"anything-but":{}}]}',
    '{"a":[{"anything-but":[["x"]]}]}',
  ],
  ...['{"a":[{"numeric":[]}]}', '{"a":[{"numeric":["="]}]}', '{"a":[{"numeric":["=","5"]}]}'],
  ...[
    '{"a":[{"numeric":["!=",5]}]}',
    '{"a":[{"numeric":["<",5,">",1]}]}',
    '{"a":[{"numeric":[">",5,"<",1]}]}',
  ],
  ...[
    '{"a":[{"numeric":[">",5,">",6]}]}',
    '{"a":[{"numeric":["=",5,"<",6]}]}',
    '{"a":[{"numeric":["=",6e9]}]}',
  ],
  ...[
    '{"a":[{"numeric":[">",1,"<"]}]}',
    '{"a":[{"numeric":{"=":5}}]}',
    '{"$or":[{"a":["x"]}]}',
    '{"$or":[{"a":["x"]},{}]}',
  ],
];

test("what is no pattern is refused", () => {
  for (const text of refused) assert.equal(parseEventPattern(text), undefined, text);
});

test("patterns are bounded in length and depth", () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}["x"]${"}".repeat(levels)}`;
  assert.ok(parseEventPattern(nested(100)));
  assert.equal(parseEventPattern(nested(101)), undefined);
  const long = (characters: number) => JSON.stringify({ a: ["x".repeat(characters - '{"a":[""]}'.length)] });
  assert.ok(parseEventPattern(long(4_096)));
  assert.equal(parseEventPattern(long(4_097)), undefined);
});

test("no text whatsoever breaks the parser, and no event a pattern", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const named = fc.letrec((tie) => ({
    matcher: fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom(null, true, 5),
      fc.record({ exists: fc.boolean() }),
      fc.record({ prefix: fc.oneof(fc.string(), json) }),
      fc.record({ "anything-but": json }),
      fc.record({ numeric: json }),
    ),
    pattern: fc.dictionary(
      fc.constantFrom("a", "b", "$or", "__proto__"),
      fc.oneof({ maxDepth: 3 }, fc.array(tie("matcher"), { maxLength: 2 }), tie("pattern"), json),
      { maxKeys: 2 },
    ),
  })).pattern;
  fc.assert(
    fc.property(fc.oneof(named, json), json, (pattern, event) => {
      const parsed = parseEventPattern(JSON.stringify(pattern));
      if (parsed !== undefined) matchesEvent(parsed, event);
    }),
    { numRuns: 300 },
  );
});

test("an event matches the pattern of its own values, and not once one differs", () => {
  const scalars = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const flat = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), scalars, { minKeys: 1, maxKeys: 4 });
  fc.assert(
    fc.property(flat, fc.boolean(), (event, nested) => {
      const pattern = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, [value]]));
      const wrap = (value: unknown) => (nested ? { deep: value } : value);
      assert.equal(matches(wrap(pattern), wrap(event)), true);
      for (const name of Object.keys(event)) {
        assert.equal(matches(wrap(pattern), wrap({ ...event, [name]: "something else" })), false);
      }
    }),
    { numRuns: 200 },
  );
});
