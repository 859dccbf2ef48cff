import {
  echoedValue,
  finding,
  lengthAtLeast,
  lengthAtMost,
  mapKeys,
  mapValues,
} from "../messages/constraints.ts";
import { jsonEchoes } from "../overrides.ts";
import type { ListShape, MapShape } from "../shape.ts";
import { brokenLength } from "./bounds.ts";
import { javaEcho, jsonEcho } from "./echo.ts";
import { listOf, objectOf, type JsonObject } from "./json.ts";
import { pathOf, type Check } from "./report.ts";
import { shapeNamed } from "./shape-named.ts";
import { brokenTableRules, tableNameRules, tableReference } from "./table-reference.ts";

/** The check of a map's table names and list lengths, which the service tells of the map as a whole. */
export function mapEntriesCheck(name: string, shape: MapShape): Check | undefined {
  if (shape.key !== tableReference) return undefined;
  const value = shapeNamed(shape.value);
  const lists = value.type === "list" ? value : undefined;
  return (map, report) => {
    for (const rule of brokenEntryRules(objectOf(map), lists)) {
      const echo = jsonEchoes.has(name) ? jsonEcho(map) : javaEcho(map, name);
      report.findings.push(finding(echoedValue(echo, pathOf(report, "older")), rule));
    }
  };
}

function brokenEntryRules(map: JsonObject, lists: ListShape | undefined): string[] {
  const rules: string[] = [];
  if (Object.keys(map).some((key) => brokenTableRules(key).length > 0)) rules.push(mapKeys(tableNameRules()));
  if (lists === undefined) return rules;
  const { min = 0, max = Infinity } = lists;
  const broken = Object.values(map).some((list) => brokenLength(listOf(list).length, lists));
  if (broken) rules.push(mapValues([lengthAtMost(max), lengthAtLeast(min)]));
  return rules;
}
