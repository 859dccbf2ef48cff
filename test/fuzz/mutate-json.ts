import type { Draw } from "./draw.ts";

/**
 * JSON as it is written, so that a mutation can repeat a member, write a number no double holds, or break the grammar.
 * Members are pairs for the same reason.
 */
export type Node =
  | { kind: "raw"; text: string }
  | { kind: "object"; members: [name: string, value: Node][] }
  | { kind: "array"; elements: Node[] };

export function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { kind: "array", elements: value.map(nodeOf) };
  if (typeof value === "object" && value !== null) {
    return { kind: "object", members: Object.entries(value).map(([name, member]) => [name, nodeOf(member)]) };
  }
  return { kind: "raw", text: JSON.stringify(value) };
}

export function printNode(node: Node): string {
  if (node.kind === "raw") return node.text;
  if (node.kind === "array") return `[${node.elements.map(printNode).join()}]`;
  return `{${node.members.map(([name, value]) => `${JSON.stringify(name)}:${printNode(value)}`).join()}}`;
}

/** Changes one place of the tree, in place, and answers the tree. */
export function mutateNode(root: Node, draw: Draw): Node {
  const mutations: readonly [Mutation, ...Mutation[]] = [
    replace,
    replace,
    remove,
    repeat,
    rename,
    add,
    nest,
    edit,
  ];
  const places = placesOf(root);
  const place = places[draw.below(places.length)];
  if (place === undefined) return junk(draw);
  draw.pick(mutations)(place, draw);
  return root;
}

/** One member or element, by the node that holds it. */
interface Place {
  readonly parent: Exclude<Node, { kind: "raw" }>;
  readonly index: number;
}

type Mutation = (place: Place, draw: Draw) => void;

function placesOf(root: Node): Place[] {
  const places: Place[] = [];
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "raw") continue;
    const children = node.kind === "array" ? node.elements : node.members.map(([, value]) => value);
    for (const index of children.keys()) places.push({ parent: node, index });
    pending.push(...children);
  }
  return places;
}

function valueAt({ parent, index }: Place): Node {
  const value = parent.kind === "array" ? parent.elements[index] : parent.members[index]?.[1];
  return value ?? { kind: "raw", text: "null" };
}

function setValue({ parent, index }: Place, value: Node): void {
  const member = parent.kind === "object" ? parent.members[index] : undefined;
  if (parent.kind === "array") parent.elements[index] = value;
  else if (member !== undefined) member[1] = value;
}

function replace(place: Place, draw: Draw): void {
  setValue(place, junk(draw));
}

function remove({ parent, index }: Place): void {
  if (parent.kind === "array") parent.elements.splice(index, 1);
  else parent.members.splice(index, 1);
}

function repeat(place: Place, draw: Draw): void {
  const { parent, index } = place;
  const text = printNode(draw.chance(0.5) ? valueAt(place) : junk(draw));
  const name = parent.kind === "object" ? (parent.members[index]?.[0] ?? "") : "";
  const times = text.length + name.length < 1000 && draw.chance(0.05) ? 2000 : 1;
  for (let count = 0; count < times; count++) {
    // Every repetition is a node of its own, so that a later mutation changes one of them.
    if (parent.kind === "array") parent.elements.push({ kind: "raw", text });
    else parent.members.push([name, { kind: "raw", text }]);
  }
}

function rename({ parent, index }: Place, draw: Draw): void {
  const member = parent.kind === "object" ? parent.members[index] : undefined;
  if (member !== undefined) member[0] = draw.pick(memberNames);
}

function add({ parent }: Place, draw: Draw): void {
  if (parent.kind === "array") parent.elements.push(junk(draw));
  else parent.members.push([draw.pick(memberNames), junk(draw)]);
}

/** Wraps a value in many others: of the wire's own kinds, or of plain JSON. */
function nest(place: Place, draw: Draw): void {
  const depth = draw.pick([1, 2, 31, 32, 33, 62, 100, 1000, 100_000]);
  const [open, close] = draw.pick([
    ['{"L":[', "]}"],
    ['{"M":{"a":', "}}"],
    ["[", "]"],
    ['{"a":', "}"],
  ]);
  setValue(place, {
    kind: "raw",
    text: open.repeat(depth) + printNode(valueAt(place)) + close.repeat(depth),
  });
}

/** Edits the text of a string: expressions, numbers in strings and base64 are where the parsers are. */
function edit(place: Place, draw: Draw): void {
  const value = valueAt(place);
  if (value.kind !== "raw" || !value.text.startsWith('"')) {
    setValue(place, junk(draw));
    return;
  }
  const inner = value.text.slice(1, -1);
  const at = draw.below(inner.length + 1);
  const piece = draw.pick(pieces);
  const cut = draw.chance(0.5) ? draw.below(6) : 0;
  setValue(place, { kind: "raw", text: `"${inner.slice(0, at)}${piece}${inner.slice(at + cut)}"` });
}

function junk(draw: Draw): Node {
  return { kind: "raw", text: draw.pick(junkTexts) };
}

const memberNames = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "length",
  "TableName",
  "Key",
  "Item",
  "Expected",
  "AttributeUpdates",
  "KeyConditions",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "UpdateExpression",
  "FilterExpression",
  "ProjectionExpression",
  "ExclusiveStartKey",
  "IndexName",
  "GlobalSecondaryIndexUpdates",
  "TransactItems",
  "Put",
  "Update",
  "ConditionCheck",
  "ClientRequestToken",
  "Statement",
  "Parameters",
  "NextToken",
  "Limit",
  "S",
  "N",
  "B",
  "NULL",
  "BOOL",
  "L",
  "M",
  "SS",
  "NS",
  "BS",
  "\u0000",
  "\u{1f600}",
  "n".repeat(70_000),
] as const;

const junkTexts = [
  "null",
  "true",
  "false",
  "0",
  "-1",
  "1.5",
  "1e400",
  "-1e-400",
  "123456789012345678901234567890",
  "9223372036854775808",
  '""',
  '"x"',
  '"fuzz"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\u{1f4a9}\u{10ffff}\ufeff"',
  '"__proto__"',
  '"1e126"',
  '"1e-131"',
  '"1e99999999999999999999"',
  '"NaN"',
  '"AA="',
  '"A"',
  '"=AAA"',
  '"arn:aws:dynamodb:us-east-1:000000000000:table/"',
  '"arn:aws:dynamodb:::table/x/index/y"',
  "[]",
  "{}",
  "[null]",
  "[[]]",
  '{"":""}',
  '{"S":"a"}',
  '{"N":"1"}',
  '{"N":""}',
  '{"S":"a","N":"1"}',
  '{"S":null}',
  '{"SS":[]}',
  '{"SS":["a","a"]}',
  '{"NS":["1","1.0"]}',
  '{"B":"!!"}',
  '{"NULL":false}',
  '{"BOOL":"maybe"}',
  '{"M":{"__proto__":{"S":"a"}}}',
  '{"__proto__":{"S":"a"}}',
  '{"L":[{"L":[{"L":[{}]}]}]}',
  '{"M":null}',
  `"${"a".repeat(2049)}"`,
  `"${"9".repeat(1000)}"`,
  `"${"x".repeat(500_000)}"`,
  `{"S":"${"y".repeat(409_600)}"}`,
  `"${"(".repeat(4000)}"`,
  `"${"NOT ".repeat(1000)}a = :b"`,
  `"a${"[0]".repeat(1300)}"`,
  `"a${".b".repeat(2000)}"`,
  // No JSON at all.
  "NaN",
  "undefined",
  "01",
  "'a'",
  '"\\x"',
  '"\\u12"',
  "{",
  "]",
  "",
] as const;

const pieces = [
  "",
  " ",
  ",",
  "(",
  ")",
  "[",
  "]",
  "[0]",
  "[99999999999999]",
  "[-1]",
  ".",
  "..",
  "#",
  "#n",
  "#missing",
  ":",
  ":zero",
  ":missing",
  "=",
  "<>",
  "<",
  "+",
  "-",
  " AND ",
  " OR ",
  " NOT ",
  " BETWEEN ",
  " IN ",
  " SET ",
  " REMOVE ",
  " ADD ",
  " DELETE ",
  "size(",
  "contains(",
  "attribute_exists(",
  "if_not_exists(",
  "list_append(",
  "begins_with(",
  "__proto__",
  "constructor",
  "select",
  "?",
  "'",
  "''",
  '\\"',
  "<<",
  ">>",
  "{'a': ",
  "['b', ",
  " FROM ",
  " WHERE ",
  " VALUE ",
  " IS MISSING",
  " ORDER BY ",
  " RETURNING ALL OLD *",
  "EXISTS(",
  "set_add(",
  "--",
  "/*",
  "*/",
  "1e5",
  "e",
  "_",
  "\u00e9",
  "\\u0000",
  "\\ud83d",
  "\\n",
  "\\t",
  "\u{1f600}",
  "((((((((",
  "))))))))",
  "/",
  "*",
  "z".repeat(5000),
] as const;
