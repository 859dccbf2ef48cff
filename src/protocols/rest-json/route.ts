/** Lambda's operations by method and path, and the members that a request's line and headers hold. */
import type { IncomingMessage } from "node:http";
import type { LambdaOperationName } from "../../model/lambda/types.ts";

/** What is known of a request before its body is read. */
export interface Route {
  readonly operation: LambdaOperationName;
  readonly members: Readonly<Record<string, unknown>>;
  /** Whether the body holds more members. Else it is a function's event, or of no meaning. */
  readonly hasBodyMembers: boolean;
}

const root = "/2015-03-31/";
const tagsRoot = "/2017-03-31/tags/";
const mappingsPath = "/2015-03-31/event-source-mappings";
const invocationPattern = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Whether a request is for Lambda, and for none of the services that are told by their targets. */
export function isLambdaUrl(url: string): boolean {
  return url.startsWith(root) || url.startsWith(tagsRoot);
}

/** Undefined where no operation has this method and path. */
export function routeOf({ method = "", url = "", headers }: IncomingMessage): Route | undefined {
  const question = url.indexOf("?");
  const path = withoutLastSlash(question < 0 ? url : url.slice(0, question));
  const query = new URLSearchParams(question < 0 ? "" : url.slice(question + 1));
  if (path === mappingsPath) return collectionRoute(method, query);
  if (path.startsWith(`${mappingsPath}/`)) {
    return mappingRoute(method, decoded(path.slice(mappingsPath.length + 1)));
  }
  if (path.startsWith(tagsRoot)) return tagsRoute(method, decoded(path.slice(tagsRoot.length)), query);
  const [, encodedName] = invocationPattern.exec(path) ?? [];
  const name = encodedName === undefined ? undefined : decoded(encodedName);
  if (method !== "POST" || name === undefined) return undefined;
  return {
    operation: "Invoke",
    members: {
      FunctionName: name,
      Qualifier: query.get("Qualifier"),
      InvocationType: headers["x-amz-invocation-type"],
    },
    hasBodyMembers: false,
  };
}

function collectionRoute(method: string, query: URLSearchParams): Route | undefined {
  if (method === "POST") return { operation: "CreateEventSourceMapping", members: {}, hasBodyMembers: true };
  if (method !== "GET") return undefined;
  const members = {
    EventSourceArn: query.get("EventSourceArn"),
    FunctionName: query.get("FunctionName"),
    // Paginators of some clients begin with an empty one.
    Marker: query.get("Marker") === "" ? null : query.get("Marker"),
    MaxItems: numberIn(query.get("MaxItems")),
  };
  return { operation: "ListEventSourceMappings", members, hasBodyMembers: false };
}

const mappingOperations: Readonly<Partial<Record<string, LambdaOperationName>>> = {
  GET: "GetEventSourceMapping",
  PUT: "UpdateEventSourceMapping",
  DELETE: "DeleteEventSourceMapping",
};

function mappingRoute(method: string, id: string | undefined): Route | undefined {
  const operation = Object.hasOwn(mappingOperations, method) ? mappingOperations[method] : undefined;
  if (operation === undefined || id === undefined) return undefined;
  return { operation, members: { UUID: id }, hasBodyMembers: method === "PUT" };
}

const tagOperations: Readonly<Partial<Record<string, LambdaOperationName>>> = {
  GET: "ListTags",
  POST: "TagResource",
  DELETE: "UntagResource",
};

function tagsRoute(method: string, arn: string | undefined, query: URLSearchParams): Route | undefined {
  const operation = Object.hasOwn(tagOperations, method) ? tagOperations[method] : undefined;
  if (operation === undefined || arn === undefined) return undefined;
  const keys = query.getAll("tagKeys");
  const members = { Resource: arn, ...(method === "DELETE" && keys.length > 0 && { TagKeys: keys }) };
  return { operation, members, hasBodyMembers: method === "POST" };
}

/** A number where `text` is one; anything else is left to be refused as a text. */
function numberIn(text: string | null): number | string | null {
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function withoutLastSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Undefined where a percent sign leads to no byte, or bytes to no character. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
