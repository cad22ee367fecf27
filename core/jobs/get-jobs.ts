import { Cron } from "croner";
import { desc, eq, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { jobExecutions } from "@/db/schema";
import { JOB_TYPES, JOBS, type JobType } from "./job-types";
import type { JobExecution, Jobs } from "./schemas";

const LISTED_OF_TYPE = 12;

/** The history of the scheduled jobs: by type, the latest runs, and the latest that failed. */
export async function getJobs({ db, clock }: Context): Promise<Jobs> {
  const now = clock.now();
  const latest = () => db.select().from(jobExecutions).orderBy(desc(jobExecutions.startedAt)).$dynamic();
  // By type, so that what runs every minute does not hide what runs every day.
  const ofType = (jobType: JobType) => latest().where(eq(jobExecutions.jobType, jobType)).limit(LISTED_OF_TYPE);
  const [totals, recent, failed] = await Promise.all([
    db
      .select({
        jobType: jobExecutions.jobType,
        runs: sql<number>`count(*)::int`,
        failed: sql<number>`(count(*) filter (where status = 'failed'))::int`,
      })
      .from(jobExecutions)
      .groupBy(jobExecutions.jobType),
    Promise.all(JOB_TYPES.map(ofType)).then((lists) =>
      lists.flat().sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || b.id - a.id),
    ),
    latest().where(eq(jobExecutions.status, "failed")).limit(LIMITS.listedJobs),
  ]);
  return {
    generated_at: now.toISOString(),
    by_type: JOB_TYPES.map((jobType) => {
      const total = totals.find((row) => row.jobType === jobType);
      // The newest come first.
      const last = recent.find((row) => row.jobType === jobType);
      return {
        job_type: jobType,
        title: JOBS[jobType].title,
        cron: JOBS[jobType].cron,
        next_run: nextRun(jobType, now)?.toISOString() ?? null,
        runs: total?.runs ?? 0,
        failed: total?.failed ?? 0,
        last: last ? executionOf(last) : null,
      };
    }),
    recent: recent.map(executionOf),
    failed: failed.map(executionOf),
  };
}

/** Null for what has no schedule. */
function nextRun(jobType: JobType, after: Date): Date | null {
  const { cron } = JOBS[jobType];
  return cron === null ? null : new Cron(cron, { timezone: "UTC" }).nextRun(after);
}

/** The latest tick at or before `now`; null for what has no schedule. */
export function latestRun(jobType: JobType, now: Date): Date | null {
  const { cron } = JOBS[jobType];
  if (cron === null) return null;
  return new Cron(cron, { timezone: "UTC" }).previousRuns(1, now)[0] ?? null;
}

function executionOf(row: typeof jobExecutions.$inferSelect): JobExecution {
  return {
    id: row.id,
    job_type: row.jobType,
    scheduled_for: row.scheduledFor?.toISOString() ?? null,
    started_at: row.startedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    status: row.status,
    error_message: row.errorMessage,
    created_at: row.createdAt.toISOString(),
    duration_ms: row.completedAt ? row.completedAt.getTime() - row.startedAt.getTime() : null,
  };
}
