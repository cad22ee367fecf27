import type http from "node:http";
import { PROBES } from "@/app/door/probes";
import type { InstanceRole } from "@/core/instance-role";
import { addressOf, pathOf } from "./address-of";
import type { Handler } from "./handler";
import { refuse } from "./refuse";

/** Where functions that run in the background are called. */
export const JOBS_PATH = "/api/inngest";
const DOES: Readonly<Record<InstanceRole, string>> = {
  ingest: "only takes entries",
  web: "takes no entries and runs no jobs",
  jobs: "only runs jobs",
};

/**
 * What an instance with a role leaves to others is refused with 503, not 404: a sender that was led to the wrong one keeps its
 * entries and tries again, and what is only read a proxy asks of the next instance. Probes are answered by all.
 */
export function servePart(role: InstanceRole | null, handle: Handler): Handler {
  if (role === null) return handle;
  const error = `this instance ${DOES[role]} (CORDWOOD_ROLE=${role}); send this to one of another role`;
  return (request, response) => {
    const needed = roleFor(request);
    if (needed === null || needed === role) handle(request, response);
    else refuse(response, { status: 503, error, headers: { "retry-after": "1" } });
  };
}

/** Null: any. */
function roleFor(request: http.IncomingMessage): InstanceRole | null {
  if (pathOf(request) === JOBS_PATH) return "jobs";
  const address = addressOf(request);
  if (address === null) return "web";
  return PROBES.includes(address) ? null : "ingest";
}
