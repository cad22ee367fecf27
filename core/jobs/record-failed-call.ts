import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { reasonOf } from "@/core/errors";
import { JOBS, type JobType } from "./job-types";

/**
 * Records that the function of a job could not even be called for its tick, so that it is seen where other failures are.
 * A run that recorded itself stays as it is.
 */
export async function recordFailedCall(
  { db, clock }: Pick<Context, "db" | "clock">,
  jobType: JobType,
  scheduledFor: Date,
  error: unknown,
): Promise<void> {
  if (JOBS[jobType].cron === null) return;
  const now = clock.now();
  await db.execute(sql`
    insert into logs.job_executions (job_type, scheduled_for, started_at, completed_at, status, error_message, created_at)
    values (${jobType}, ${scheduledFor}, ${now}, ${now}, 'failed', ${reasonOf(error)}, ${now})
    on conflict (job_type, scheduled_for) do nothing`);
}
