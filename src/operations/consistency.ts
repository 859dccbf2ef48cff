/** How fresh a read must be: `ConsistentRead`. */
import type { PageRequest } from "../store/page.ts";

export type Consistency = PageRequest["consistency"];

export function consistencyOf(request: { readonly ConsistentRead?: boolean | undefined }): Consistency {
  return request.ConsistentRead === true ? "strong" : "eventual";
}
