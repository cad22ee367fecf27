import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { JOB_TYPES, JOBS, type JobType } from "./job-types";
import { SCHEDULED, SCHEDULED_ROWS } from "./scheduled";
import type { FailingJob } from "./schemas";

const rowSchema = z.object({
  job_type: z.enum(JOB_TYPES),
  /** Of the latest runs that ended, newest first. */
  statuses: z.array(z.string()),
  error: z.string().nullable(),
});

const MOST = Math.max(...SCHEDULED.map((jobType) => JOBS[jobType].failuresToTell));

/** The scheduled jobs whose latest runs all failed, as many of them as the job's failuresToTell. */
export async function getFailingJobs({ db }: Pick<Context, "db">): Promise<FailingJob[]> {
  const { rows } = await db.execute(sql`
    select wanted.job_type, array_agg(latest.status order by latest.scheduled_for desc) as statuses,
      (array_agg(latest.error_message order by latest.scheduled_for desc))[1] as error
    from ${SCHEDULED_ROWS}
    cross join lateral (
      select status, error_message, scheduled_for from logs.job_executions
      where job_type = wanted.job_type and scheduled_for is not null and status <> 'running'
      order by scheduled_for desc limit ${MOST}) as latest
    group by wanted.job_type
    order by wanted.job_type`);
  return z
    .array(rowSchema)
    .parse(rows)
    .filter(({ job_type, statuses }) => isFailing(job_type, statuses))
    .map(({ job_type, error }) => ({ job_type, title: JOBS[job_type].title, error }));
}

function isFailing(jobType: JobType, statuses: readonly string[]): boolean {
  const { failuresToTell } = JOBS[jobType];
  return statuses.length >= failuresToTell && statuses.slice(0, failuresToTell).every((status) => status === "failed");
}
