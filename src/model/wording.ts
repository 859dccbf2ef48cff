/**
 * The service is moving its operations to a new front layer that words the same refusals differently:
 * `enveloped`: newer texts, refusals of the request prefixed with "1 validation error detected: ";
 * `current`: newer texts, bare; `older`: older texts, bare. One constant an operation says where it stands.
 */
export type Wording = "enveloped" | "current" | "older";
