import { defineOperation } from "../operation.ts";
import { checkResourceArn, taggedTable } from "../tables/tags.ts";

/** Tells the tags of a table: all at once, as no table has many. So NextToken is never given, and ignored when sent. */
export const listTagsOfResource = defineOperation({
  name: "ListTagsOfResource",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.ResourceArn],

  prepare({ ResourceArn: arn }) {
    checkResourceArn(arn);
    return { arn };
  },

  async execute({ arn }, context) {
    const table = await taggedTable(context, arn);
    return { Tags: table.definition.tags };
  },
});
