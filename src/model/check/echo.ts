/** How the service's older texts show the value they refuse: as the text that Java makes of it. */
import { echoMembers } from "../overrides.ts";
import type { StructureShape } from "../shape.ts";
import { beanName } from "./bean-name.ts";
import { listOf, objectOf, textOf, type JsonObject } from "./json.ts";
import { shapeNamed } from "./shape-named.ts";

/** Longer echoes are cut: they grow tenfold over what was sent, and a client must not multiply its bytes by ours. */
const echoLengthMax = 262_144;

/** `value`, which has the shape called `shape`, as Java shows it. */
export function javaEcho(value: unknown, shape: string): string {
  const parts: string[] = [];
  writeEcho(value, shape, { parts, left: echoLengthMax });
  return parts.join("");
}

/** `value` as JSON, which is how BatchGetItem shows its map. */
export function jsonEcho(value: unknown): string {
  return JSON.stringify(value).slice(0, echoLengthMax);
}

interface Echo {
  readonly parts: string[];
  left: number;
}

function write(echo: Echo, text: string): void {
  if (echo.left <= 0) return;
  echo.parts.push(text.length > echo.left ? text.slice(0, echo.left) : text);
  echo.left -= text.length;
}

function writeEcho(value: unknown, name: string | undefined, echo: Echo): void {
  if (value === undefined || name === undefined) {
    write(echo, "null");
    return;
  }
  const shape = shapeNamed(name);
  if (shape.type === "structure") writeStructure(objectOf(value), { name, shape }, echo);
  else if (shape.type === "list") writeList(listOf(value), shape.member, echo);
  else if (shape.type === "map") writeMap(objectOf(value), shape.value, echo);
  else if (shape.type === "blob") write(echo, javaBuffer(textOf(value)));
  else write(echo, typeof value === "string" ? value : JSON.stringify(value));
}

function writeStructure(
  value: JsonObject,
  { name, shape }: { readonly name: string; readonly shape: StructureShape },
  echo: Echo,
): void {
  const members = echoMembers[name] ?? Object.keys(shape.members);
  write(echo, `${name}(`);
  for (const [index, member] of members.entries()) {
    if (echo.left <= 0) return;
    write(echo, `${index === 0 ? "" : ", "}${beanName(member)}=`);
    writeEcho(value[member], shape.members[member], echo);
  }
  write(echo, ")");
}

function writeList(values: readonly unknown[], shape: string, echo: Echo): void {
  write(echo, "[");
  for (const [index, value] of values.entries()) {
    if (echo.left <= 0) return;
    if (index > 0) write(echo, ", ");
    writeEcho(value, shape, echo);
  }
  write(echo, "]");
}

function writeMap(entries: JsonObject, shape: string, echo: Echo): void {
  write(echo, "{");
  let separator = "";
  for (const key in entries) {
    if (echo.left <= 0) return;
    write(echo, `${separator}${key}=`);
    writeEcho(entries[key], shape, echo);
    separator = ", ";
  }
  write(echo, "}");
}

function javaBuffer(base64: string): string {
  const length = Buffer.byteLength(base64, "base64");
  return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
}
