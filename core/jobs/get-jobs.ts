import { Cron } from "croner";
import { desc, eq, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { jobExecutions } from "@/db/schema";
import { JOB_TYPES, JOBS, type JobType } from "./job-types";
import type { JobExecution, Jobs } from "./schemas";

/** The history of the scheduled jobs: by type, the latest runs, and the latest that failed. */
export async function getJobs({ db, clock }: Context): Promise<Jobs> {
  const now = clock.now();
  const latest = () =>
    db.select().from(jobExecutions).orderBy(desc(jobExecutions.startedAt)).limit(LIMITS.listedJobs).$dynamic();
  const [totals, lasts, recent, failed] = await Promise.all([
    db
      .select({
        jobType: jobExecutions.jobType,
        runs: sql<number>`count(*)::int`,
        failed: sql<number>`(count(*) filter (where status = 'failed'))::int`,
      })
      .from(jobExecutions)
      .groupBy(jobExecutions.jobType),
    db
      .selectDistinctOn([jobExecutions.jobType])
      .from(jobExecutions)
      .orderBy(jobExecutions.jobType, desc(jobExecutions.scheduledFor)),
    latest(),
    latest().where(eq(jobExecutions.status, "failed")),
  ]);
  return {
    generated_at: now.toISOString(),
    by_type: JOB_TYPES.map((jobType) => {
      const total = totals.find((row) => row.jobType === jobType);
      const last = lasts.find((row) => row.jobType === jobType);
      return {
        job_type: jobType,
        ...JOBS[jobType],
        next_run: nextRun(jobType, now).toISOString(),
        runs: total?.runs ?? 0,
        failed: total?.failed ?? 0,
        last: last ? executionOf(last) : null,
      };
    }),
    recent: recent.map(executionOf),
    failed: failed.map(executionOf),
  };
}

/** @throws Error for a cron expression that never comes true */
export function nextRun(jobType: JobType, after: Date): Date {
  const next = new Cron(JOBS[jobType].cron, { timezone: "UTC" }).nextRun(after);
  if (!next) throw new Error(`the schedule of ${jobType} never comes true`);
  return next;
}

/** The latest tick at or before `now`. */
export function latestRun(jobType: JobType, now: Date): Date | null {
  const [previous] = new Cron(JOBS[jobType].cron, { timezone: "UTC" }).previousRuns(1, now);
  return previous ?? null;
}

function executionOf(row: typeof jobExecutions.$inferSelect): JobExecution {
  return {
    id: row.id,
    job_type: row.jobType,
    scheduled_for: row.scheduledFor.toISOString(),
    started_at: row.startedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    status: row.status,
    error_message: row.errorMessage,
    created_at: row.createdAt.toISOString(),
    duration_ms: row.completedAt ? row.completedAt.getTime() - row.startedAt.getTime() : null,
  };
}
