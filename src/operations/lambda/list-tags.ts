import { byName } from "../by-name.ts";
import { existingMapping } from "./existing-mapping.ts";
import { checkOwnMapping, checkTaggedArn } from "./mapping-tags.ts";
import { defineLambdaOperation } from "./operation.ts";

/** Lists the tags of a mapping. */
export const listTags = defineLambdaOperation({
  name: "ListTags",
  effect: "read",

  prepare: ({ Resource }) => checkTaggedArn(Resource),

  async execute(tagged, context) {
    const { tags } = await existingMapping(checkOwnMapping(tagged, context), context);
    return { Tags: byName(new Map(tags)) };
  },
});
