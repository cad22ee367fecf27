import { z } from "zod";
import { parseParameters } from "@/app/api/parse-request";
import { PURPOSES } from "@/core/readiness";
import type { Address } from "./address";
import { jsonAnswer } from "./answers";

export const readinessQuerySchema = z.object({
  for: z.enum(PURPOSES, `must be ${PURPOSES.join(" or ")}`).default("entries"),
});

/**
 * Readiness: the database answers and has room, so entries can be taken, by HTTP and by which other listeners. Jobs that fail again and again
 * or are not run are named, and whether what is sealed, and Redis, can be reached; none of them changes that. With
 * `for=reading` there need not be room.
 */
export const answerReadiness: Address["answer"] = async ({ parameters }, runtime) => {
  const { for: purpose } = parseParameters(parameters, readinessQuerySchema);
  const { problem, failingJobs, lateJobs } = await runtime.readiness[purpose].get();
  if (problem !== null) return jsonAnswer(503, { status: problem }, { "retry-after": "1" });
  const { shared } = runtime.access.limits;
  const listeners = runtime.metrics.listeners.names;
  return jsonAnswer(200, {
    status: "ready",
    failing_jobs: failingJobs,
    late_jobs: lateJobs,
    listeners,
    redis: shared ? (shared.isReachable ? "ready" : "away") : undefined,
    segment_store: runtime.segments.store.state.reachable ? "ready" : "away",
  });
};

/** What watches the process. */
export const PROBES: readonly Address[] = [
  {
    /** Liveness: the process answers. */
    method: "GET",
    path: "/healthz",
    need: "always",
    answer: async () => jsonAnswer(200, { status: "ok" }),
  },
  { method: "GET", path: "/readyz", need: "always", answer: answerReadiness },
  {
    /** Prometheus' text format. */
    method: "GET",
    path: "/metrics",
    need: "read",
    async answer(_request, { metrics: { registry } }) {
      return { status: 200, headers: { "content-type": registry.contentType }, body: await registry.metrics() };
    },
  },
];
