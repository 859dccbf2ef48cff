/**
 * Member names in the order in which the service reports what is wrong with them.
 *
 * Every order seen in an answer of the older front layer (UpdateItem's returnConsumedCapacity, tableName, returnValues,
 * conditionalOperator, key; CreateTable's global before local indexes; writeCapacityUnits before readCapacityUnits) is
 * that of a Java 7 hash map of 16 buckets keyed by the member's bean name, so the orders not seen are derived from it.
 */
export function serviceOrder(names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, bucket: bucketOf(name.charAt(0).toLowerCase() + name.slice(1)) }))
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ name }) => name);
}

function bucketOf(beanName: string): number {
  let hash = 0;
  for (let index = 0; index < beanName.length; index++)
    hash = (Math.imul(hash, 31) + beanName.charCodeAt(index)) | 0;
  hash ^= (hash >>> 20) ^ (hash >>> 12);
  hash ^= (hash >>> 7) ^ (hash >>> 4);
  return hash & 15;
}
