import type { Answer } from "./answer.ts";

/** What is answered to requests that call no operation. */

const notFoundPage = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>Page Not Found</title></head>
<body>Page Not Found</body>
</html>
`;

/** The answer of a server that is well. The blank at the end is the service's. */
export function health(region: string): Answer {
  return {
    status: 200,
    contentType: "text/plain",
    body: Buffer.from(`healthy: dynamodb.${region}.amazonaws.com `),
  };
}

export function pageNotFound(): Answer {
  return { status: 404, contentType: "text/html", body: Buffer.from(notFoundPage) };
}

/** A content type that is not the protocol's. */
export function unknownContentType(): Answer {
  return { status: 404, contentType: "", body: Buffer.from("<UnknownOperationException/>\n") };
}

/** A browser asks whether it may send what it is about to send: it may. */
export function preflight(methods: string | undefined, headers: string | undefined): Answer {
  const fields = ["Access-Control-Max-Age", "172800"];
  if (headers !== undefined) fields.push("Access-Control-Allow-Headers", headers);
  if (methods !== undefined) fields.push("Access-Control-Allow-Methods", methods);
  return { status: 200, contentType: "", body: Buffer.alloc(0), headers: fields };
}

/** Larger than the service takes. The name of the error is not in its model. */
export function tooLarge(contentType: string): Answer {
  const body = JSON.stringify({ __type: "com.amazon.coral.service#RequestEntityTooLargeException" });
  return { status: 413, contentType, body: Buffer.from(body), last: true };
}
