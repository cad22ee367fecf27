import { sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { reasonOf } from "@/core/errors";
import { tryLock } from "@/core/locks";
import { JOB_TYPES, type JobType } from "./job-types";
import { finishExecution } from "./record-run";

export type JobOutcome = { status: "success"; result: unknown } | { status: "skipped"; reason: string };

/**
 * Runs a job for its tick and records it in job_executions. However many instances try, one runs it at a time and each
 * tick succeeds once; a tick that failed may be tried again, in the same row.
 * @param scheduledFor the minute that the schedule names
 * @throws what `work` throws, after recording it as failed
 */
export function runJob(
  { db, clock }: Context,
  jobType: JobType,
  scheduledFor: Date,
  work: () => Promise<unknown>,
): Promise<JobOutcome> {
  return db.transaction(async (transaction) => {
    // The transaction does nothing but hold the lock, which a killed process loses.
    if (!(await tryLock(transaction, ["job", JOB_TYPES.indexOf(jobType)]))) {
      return { status: "skipped", reason: "another instance is running it" };
    }
    // Without parameters this is sent in PostgreSQL's simple protocol, which closes the portal of the statement before and so
    // gives up its snapshot. Holding that would keep dead rows alive, and make an index that is built concurrently wait for us.
    await transaction.execute(sql`select 1`);
    await db.execute(sql`
      update logs.job_executions
      set status = 'failed', completed_at = ${clock.now()}, error_message = 'the process ended before the job did'
      where job_type = ${jobType} and status = 'running'`);
    const claimed = await db.execute<{ id: string }>(sql`
      insert into logs.job_executions as known (job_type, scheduled_for, started_at, status, created_at)
      values (${jobType}, ${scheduledFor}, ${clock.now()}, 'running', ${clock.now()})
      on conflict (job_type, scheduled_for) do update
      set status = 'running', started_at = excluded.started_at, completed_at = null, error_message = null
      where known.status <> 'success'
      returning id`);
    const id = claimed.rows[0]?.id;
    if (id === undefined) return { status: "skipped", reason: "it has run for this time already" };
    try {
      const result = await work();
      await finishExecution({ db, clock }, id, "success", { result });
      return { status: "success", result };
    } catch (error) {
      await finishExecution({ db, clock }, id, "failed", {
        error: reasonOf(error),
      });
      throw error;
    }
  });
}
