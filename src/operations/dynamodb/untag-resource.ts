import { noTagKeys } from "../../model/messages/tags.ts";
import { defineOperation } from "../operation.ts";
import { checkResourceArn, checkTagCount, checkTagKey, taggedTable } from "../tables/tags.ts";

/** Takes tags off a table. Keys it does not have are no error. */
export const untagResource = defineOperation({
  name: "UntagResource",
  effect: "admin",
  wording: "older",
  resources: (input) => [input.ResourceArn],

  prepare({ ResourceArn: arn, TagKeys: keys }) {
    checkResourceArn(arn);
    if (keys.length === 0) throw noTagKeys();
    for (const key of keys) checkTagKey(key);
    checkTagCount(keys);
    return { arn, keys: new Set(keys) };
  },

  async execute({ arn, keys }, context) {
    const { name } = (await taggedTable(context, arn)).definition;
    await context.store.tables.update(context.caller, name, ({ definition }) => ({
      ...definition,
      tags: definition.tags.filter(({ Key }) => !keys.has(Key)),
    }));
    return {};
  },
});
