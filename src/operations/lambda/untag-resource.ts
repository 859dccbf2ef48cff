import { changeTags, checkTaggedArn } from "./mapping-tags.ts";
import { defineLambdaOperation } from "./operation.ts";

/** Takes tags off a mapping. */
export const untagResource = defineLambdaOperation({
  name: "UntagResource",
  effect: "admin",

  prepare: ({ Resource, TagKeys }) => ({ mapping: checkTaggedArn(Resource), keys: new Set(TagKeys) }),

  execute: ({ mapping, keys }, context) =>
    changeTags(mapping, (before) => before.filter(([key]) => !keys.has(key)), context),
});
