import type { Context } from "./context";
import { type DatabaseRoom, NO_ROOM } from "./ingest/database-room";
import { getFailingJobs } from "./jobs/get-failing-jobs";
import { getLateJobs, processBegan } from "./jobs/get-late-jobs";
import type { Logger } from "./logger";
import { NEWER_SCHEMA, type SchemaWatch } from "./schema-watch";

/** What an instance may be ready for: to take entries, or to show what is stored. */
export const PURPOSES = ["entries", "reading"] as const;
export type Purpose = (typeof PURPOSES)[number];

type ReadinessContext = { schema: SchemaWatch; logger: Logger; room: Pick<DatabaseRoom, "isFull"> };

export type Readiness = {
  /** Null: it is ready. */
  problem: string | null;
  failingJobs: string[];
  lateJobs: string[];
};

/** What probes are told, which anybody may be: ask for it by SharedAnswer. */
export async function readReadiness(context: Context & ReadinessContext, purpose: Purpose): Promise<Readiness> {
  const problem = await findProblem(context, purpose);
  if (problem !== null) return { problem, failingJobs: [], lateJobs: [] };
  const failing = await getFailingJobs(context);
  const late = await getLateJobs(context, processBegan(context));
  return {
    problem,
    failingJobs: failing.map(({ job_type }) => job_type),
    lateJobs: late.map(({ job_type }) => job_type),
  };
}

/**
 * Why nothing can be taken, or read, at the moment, for who sends requests here; null when something can. More about it goes to the log,
 * since the caller can do nothing with it.
 */
export async function findProblem(
  { schema, logger, room }: ReadinessContext,
  purpose: Purpose = "entries",
): Promise<string | null> {
  try {
    if (await schema.isNewer()) return NEWER_SCHEMA;
    if (purpose === "reading") return null;
    return (await room.isFull()) ? NO_ROOM : null;
  } catch (error) {
    logger.warn({ error }, "not ready: the database does not answer");
    return "the database does not answer";
  }
}
