import { filterCondition } from "../../expressions/legacy.ts";
import { segmentOutOfRange, segmentWithoutTotal, totalWithoutSegment } from "../../model/messages/pages.ts";
import type { ScanInput } from "../../model/types.generated.ts";
import type { Wording } from "../../model/wording.ts";
import type { Extent } from "../../store/page.ts";
import { checkParameterStyles, readExpressionParameters } from "../expression-parameters.ts";
import type { ParameterStyles } from "../expression-parameters.ts";
import { defineOperation } from "../operation.ts";
import { checkNoPathIntoKeys, checkProjectedKeys } from "../items/key-paths.ts";
import { pageAnswer, pageCommand, pageRequest, pageSource } from "../pages/page-command.ts";
import { checkAttributesToGet } from "../items/returned-projection.ts";
import { checkSelect } from "../pages/select.ts";
import { checkScanRestart, checkStartKey, readStartKey } from "../pages/start-key.ts";

const wording: Wording = "older";

const styles: ParameterStyles = {
  expressions: ["ProjectionExpression", "FilterExpression"],
  legacy: ["AttributesToGet", "ScanFilter", "ConditionalOperator"],
};

/** Reads one page of a whole table or index, or of one of the segments that parallel readers share it in. */
export const scan = defineOperation({
  name: "Scan",
  effect: "read",
  wording,
  resources: (input) => [input.TableName],

  prepare(input) {
    checkParameterStyles(input, styles, wording);
    const startKey = readStartKey(input.ExclusiveStartKey, wording);
    checkAttributesToGet(input.AttributesToGet);
    checkSelect(input, wording);
    const filter = filterCondition(input.ScanFilter, input.ConditionalOperator, wording);
    const extent = scannedExtent(input);
    const expressions = readExpressionParameters(input, wording);
    return { page: pageCommand(input, { startKey, expressions, filter }), extent };
  },

  async execute({ page: command, extent }, context) {
    const source = await pageSource(command, context);
    const { startKey, filter, projection } = command;
    if (startKey !== undefined) checkStartKey(source, startKey, wording);
    const request = pageRequest(source, command, { extent });
    if (startKey !== undefined) checkScanRestart(source, extent, startKey);
    checkProjectedKeys(source.table.definition, projection);
    if (filter !== undefined) checkNoPathIntoKeys(source.table.definition, filter.entered);
    const page = await context.store.readPage(request);
    return pageAnswer(source, command, page);
  },
});

function scannedExtent({ Segment: segment, TotalSegments: segments }: ScanInput): ScannedExtent {
  if (segment === undefined && segments === undefined) return { kind: "segment", segment: 0, segments: 1 };
  if (segments === undefined) throw segmentWithoutTotal();
  if (segment === undefined) throw totalWithoutSegment();
  if (segment >= segments) throw segmentOutOfRange(segment, segments, wording);
  return { kind: "segment", segment, segments };
}

type ScannedExtent = Extract<Extent, { kind: "segment" }>;
