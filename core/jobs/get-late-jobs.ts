import { Cron } from "croner";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, HOUR_MS, SECOND_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { JOB_TYPES, JOBS, type JobType } from "./job-types";
import { SCHEDULED, SCHEDULED_ROWS } from "./scheduled";
import type { LateJob } from "./schemas";

/** So many of its times may pass without a run. */
const MISSED = 3;
/** For so long a run may go on before the job is late all the same: it may have ended with its process. */
const RUNS_FOR_MS = HOUR_MS;

const rowSchema = z.object({
  job_type: z.enum(JOB_TYPES),
  started_at: z.coerce.date(),
  completed_at: z.coerce.date().nullable(),
  is_running: z.boolean(),
});
type Latest = z.infer<typeof rowSchema>;

/** When this process began, by the clock of the context. */
export const processBegan = ({ clock }: Pick<Context, "clock">): Date =>
  addMs(clock.now(), -process.uptime() * SECOND_MS);

/**
 * The scheduled jobs that nobody runs: several of their times have passed without one, since the latest run or, where there never was
 * one, since `began`. After a start each has until its first time, as what was missed before is caught up then.
 * @param began when what asks for the jobs to be run began; null: nothing does now, so what never ran is not looked at
 */
export async function getLateJobs(
  { db, clock }: Pick<Context, "db" | "clock">,
  began: Date | null,
): Promise<LateJob[]> {
  const { rows } = await db.execute(sql`
    select wanted.job_type, latest.started_at, latest.completed_at, latest.status = 'running' as is_running
    from ${SCHEDULED_ROWS}
    cross join lateral (
      select started_at, completed_at, status from logs.job_executions
      where job_type = wanted.job_type and scheduled_for is not null
      order by scheduled_for desc limit 1) as latest`);
  const latest = new Map(
    z
      .array(rowSchema)
      .parse(rows)
      .map((row) => [row.job_type, row]),
  );
  const now = clock.now();
  return SCHEDULED.filter((jobType) => isLate(jobType, latest.get(jobType), began, now)).map((jobType) => ({
    job_type: jobType,
    title: JOBS[jobType].title,
    last_run: latest.get(jobType)?.started_at.toISOString() ?? null,
  }));
}

function isLate(jobType: JobType, latest: Latest | undefined, began: Date | null, now: Date): boolean {
  const since = latest ? lastSign(latest) : began;
  if (since === null || !hasPassed(jobType, since, MISSED, now)) return false;
  return began === null || hasPassed(jobType, began, 1, now);
}

function lastSign({ started_at, completed_at, is_running }: Latest): Date {
  return is_running ? addMs(started_at, RUNS_FOR_MS) : (completed_at ?? started_at);
}

/** Whether so many of a job's times lie between two moments. */
function hasPassed(jobType: JobType, since: Date, times: number, now: Date): boolean {
  const { cron } = JOBS[jobType];
  if (cron === null) return false;
  const due = new Cron(cron, { timezone: "UTC" }).nextRuns(times, since).at(-1);
  return due !== undefined && due < now;
}
