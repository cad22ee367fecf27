import { pathOf } from "./address-of";
import type { Handler } from "./handler";
import { refuse } from "./refuse";
import { sendAnswer } from "./send-answer";

/** What routes say while they can't answer; a retry makes sense a moment later. */
export const unavailable =
  (error: string): Handler =>
  (_request, response) =>
    refuse(response, { status: 503, error, headers: { "retry-after": "1" } });

const notYet = unavailable("Cordwood is starting");

/**
 * Answers until the routes do. Migrating a large database takes longer than whoever watches the process waits for it to live, so
 * that it lives is said from the first moment on; that it takes entries (/readyz) is not.
 */
export const starting: Handler = (request, response) => {
  const { method = "" } = request;
  if (pathOf(request) !== "/healthz" || !["GET", "HEAD"].includes(method)) return notYet(request, response);
  sendAnswer(response, {
    status: 200,
    headers: { "content-type": "application/json", "cache-control": "no-store", connection: "close" },
    body: JSON.stringify({ status: "starting" }),
  });
};
