import { streamElsewhere, streamNotUsable } from "../../model/messages/destinations.ts";
import { withDeadline } from "./deadline.ts";
import { answerMsMax, type DeliveryTools } from "./delivery-tools.ts";
import { parseStreamArn, regionOfArn } from "./stream-name.ts";

/**
 * Why a stream cannot be delivered to, in the words of the service; undefined when it can. Rejects where that cannot be
 * known. Which account the stream belongs to does not matter, as accounts are made up here.
 */
export async function reasonAgainst(
  streamArn: string,
  region: string,
  { kinesis, alarm, signal }: Pick<DeliveryTools, "kinesis" | "alarm"> & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  if ((regionOfArn(streamArn) ?? region) !== region) return streamElsewhere;
  const name = parseStreamArn(streamArn);
  if (name === undefined) return streamNotUsable;
  const stream = await kinesis.open(name);
  const isUsable = (within: AbortSignal) => stream.isUsable(within);
  return (await withDeadline(isUsable, { alarm, ms: answerMsMax, signal })) ? undefined : streamNotUsable;
}
