const awsJson = "application/x-amz-json-1.0";
const json = "application/json";

/** The type of the answer to a request of the type `header`; undefined when the protocol does not know that type. */
export function contentTypeOf(header: string | undefined): string | undefined {
  if (header === awsJson) return awsJson;
  const [type = ""] = (header ?? "").split(";", 1);
  const bare = type.trim().toLowerCase();
  return bare === awsJson || bare === json ? bare : undefined;
}
