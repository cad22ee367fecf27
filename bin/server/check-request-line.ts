import type http from "node:http";
import type { Refusal } from "./refuse";

const PAGE_METHODS = ["GET", "HEAD", "OPTIONS"];
const API_METHODS = [...PAGE_METHODS, "POST", "PUT", "PATCH", "DELETE"];

/**
 * What no route can take: another target than a path, a host that is told twice, a method that nothing has. Pages take nothing that
 * is sent to them, so that what Next.js would read for Server Actions, of which there are none, is never read.
 *
 * A target that is a whole URL becomes its path, and its host the request's (RFC 9112, 3.2.2), so that what follows looks at that one.
 */
export function checkRequestLine(request: http.IncomingMessage, isDevelopment: boolean): Refusal | null {
  const { headers, headersDistinct, method = "" } = request;
  if ((headersDistinct.host?.length ?? 0) > 1) return { status: 400, error: "a request must have one Host header" };
  const target = request.url ?? "";
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { host, pathname, search } = new URL(target);
    headers.host = host;
    request.url = `${pathname}${search}`;
  } else if (!target.startsWith("/")) {
    return { status: 400, error: "what is asked for must be a path, as in GET /api/logs" };
  }
  const isApi = request.url?.startsWith("/api/") || isDevelopment;
  const methods = isApi ? API_METHODS : PAGE_METHODS;
  if (methods.includes(method)) return null;
  const error = `${method} is not taken here, only ${methods.join(", ")}`;
  return { status: 405, error, headers: { allow: methods.join(", ") } };
}
