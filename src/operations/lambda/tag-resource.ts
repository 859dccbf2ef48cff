import { changeTags, checkTaggedArn, withTags } from "./mapping-tags.ts";
import { defineLambdaOperation } from "./operation.ts";

/** Adds tags to a mapping, or changes their values. */
export const tagResource = defineLambdaOperation({
  name: "TagResource",
  effect: "admin",

  prepare: ({ Resource, Tags }) => ({ mapping: checkTaggedArn(Resource), tags: Tags }),

  execute: ({ mapping, tags }, context) => changeTags(mapping, (before) => withTags(before, tags), context),
});
