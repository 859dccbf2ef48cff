import { noTags } from "../../model/messages/tags.ts";
import { defineOperation } from "../operation.ts";
import { checkResourceArn, checkTags, mergeTags, taggedTable } from "../tables/tags.ts";

/** Adds tags to a table and gives known keys new values. */
export const tagResource = defineOperation({
  name: "TagResource",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.ResourceArn],

  prepare({ ResourceArn: arn, Tags: tags }) {
    checkResourceArn(arn);
    if (tags.length === 0) throw noTags();
    checkTags(tags);
    return { arn, tags };
  },

  async execute({ arn, tags }, context) {
    const { name } = (await taggedTable(context, arn)).definition;
    await context.store.tables.update(context.caller, name, ({ definition }) => ({
      ...definition,
      tags: mergeTags(definition.tags, tags),
    }));
    return {};
  },
});
