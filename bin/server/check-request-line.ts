import type http from "node:http";
import { addressOf } from "./address-of";
import type { Refusal } from "./refuse";

/** What changes nothing (RFC 9110, 9.2.1), of the methods that routes have. */
export const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];
const ALL_METHODS = [...SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE"];

/**
 * What no route can take: another target than a path or a whole URL, a host that is told twice, a method that nothing has. Pages take
 * nothing that is sent to them, so that what Next.js would read for Server Actions, of which there are none, is never read; only in
 * development it takes something there itself.
 */
export function checkRequestLine(request: http.IncomingMessage, isDevelopment: boolean): Refusal | null {
  const { headersDistinct, method = "" } = request;
  if ((headersDistinct.host?.length ?? 0) > 1) return { status: 400, error: "a request must have one Host header" };
  takeWholeUrl(request);
  const path = request.url ?? "";
  if (!path.startsWith("/")) return { status: 400, error: "what is asked for must be a path, as in GET /api/logs" };
  if (isHidden(path)) return { status: 400, error: "/api/ must be written as it is, without %" };
  const methods = isDevelopment || path.startsWith("/api/") ? ALL_METHODS : SAFE_METHODS;
  if (methods.includes(method) || addressOf(request)) return null;
  const allowed = methods.join(", ");
  return { status: 405, error: `${method} is not taken here, only ${allowed}`, headers: { allow: allowed } };
}

/** Next.js finds routes by the decoded path too; what is asked here of routes of the API looks at the path as it was written. */
function isHidden(path: string): boolean {
  if (path.startsWith("/api/") || !path.includes("%")) return false;
  try {
    return decodeURIComponent(path).startsWith("/api/");
  } catch {
    return false;
  }
}

/** A target that is a whole URL becomes its path, and its host the request's (RFC 9112, 3.2.2): what follows looks at that one. */
function takeWholeUrl(request: http.IncomingMessage): void {
  const target = request.url ?? "";
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return;
  const { host, pathname, search } = new URL(target);
  request.headers.host = host;
  request.url = `${pathname}${search}`;
}
