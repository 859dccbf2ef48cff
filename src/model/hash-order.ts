/**
 * The service lists the members of its sets in the order of a Java hash table: by the lower bits of a member's hash
 * code, and among equals by arrival. The table starts with `bucketsMin` buckets and is as large as the members need.
 */
export function hashOrder(members: readonly string[], bucketsMin = 1): readonly string[] {
  let buckets = bucketsMin;
  while (buckets * fillMax < members.length) buckets *= 2;
  const bucketOf = (member: string) => hashCode(member) & (buckets - 1);
  return members.toSorted((a, b) => bucketOf(a) - bucketOf(b));
}

/** The share of its buckets at which a table grows. */
const fillMax = 0.75;

/** Of a Java string, with the upper half folded in as hash tables do. */
function hashCode(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 16);
}
