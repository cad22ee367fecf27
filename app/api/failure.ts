import { type FaultKind, isFault } from "@/core/errors";
import { asFault } from "@/core/ingest/write";
import type { Logger } from "@/core/logger";

const STATUS: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  unauthorised: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  timed_out: 408,
  too_busy: 429,
  unavailable: 503,
};

export type Failure = {
  status: number;
  headers: Record<string, string>;
  body: { success: false; error: string; data?: unknown };
};

/**
 * The only place where errors become status codes. What is not a Fault is our own mistake: logged whole, told as 500 without
 * any detail.
 * @param path of the request, for the log
 */
export function failureOf(thrown: unknown, logger: Logger, path: string): Failure {
  const error = asFault(thrown);
  if (!isFault(error)) {
    logger.error({ error, path }, "a request failed");
    return { status: 500, headers: {}, body: { success: false, error: "an error of the server; its log says more" } };
  }
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (error.kind === "unauthorised") headers["www-authenticate"] = 'Bearer realm="Cordwood"';
  const again = error.kind === "too_busy" || error.kind === "unavailable";
  if (again) headers["retry-after"] = String(error.retryAfterSeconds);
  // The rest of the body is not read, so nothing can follow on this connection.
  if (error.kind === "too_large") headers.connection = "close";
  return { status: STATUS[error.kind], headers, body: { success: false, error: error.message, data: error.data } };
}
