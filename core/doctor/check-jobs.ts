import { Cron } from "croner";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { JOB_TYPES, JOBS, type JobType } from "@/core/jobs/job-types";
import { type Finding, look, ok, trouble } from "./finding";

/** So many of its times may pass without a run. */
const MISSED = 3;
const rowSchema = z.object({ job_type: z.string(), last: z.coerce.date() });

/** Jobs that fail again and again, and those that have not begun for long. @param isRunning whether a Cordwood is there to run them */
export async function checkJobs(context: Context, isRunning: boolean): Promise<Finding[]> {
  const failing = await getFailingJobs(context);
  const findings = failing.map(({ title, error }) =>
    trouble("jobs", `"${title}" fails: ${error ?? "nobody knows why"}`, "Look at the page Jobs and at the log."),
  );
  const late = await listLate(context);
  if (late.length > 0) {
    const says = `late: ${late.map((jobType) => `"${JOBS[jobType].title}"`).join(", ")}`;
    findings.push(
      isRunning
        ? trouble(
            "jobs",
            says,
            "Look whether an instance runs jobs, or, with an Inngest server, whether it reaches /api/inngest.",
          )
        : look("jobs", says, "Start Cordwood: what was missed is caught up."),
    );
  }
  return findings.length > 0 ? findings : [ok("jobs", "each has run when it should have")];
}

/** Those with a schedule whose latest run is older than several of their times. */
async function listLate({ db, clock }: Context): Promise<JobType[]> {
  const { rows } = await db.execute(sql`
    select job_type, max(started_at) as last from logs.job_executions group by job_type`);
  const lasts = new Map(
    z
      .array(rowSchema)
      .parse(rows)
      .map(({ job_type, last }) => [job_type, last]),
  );
  const now = clock.now();
  return JOB_TYPES.filter((jobType) => {
    const { cron } = JOBS[jobType];
    if (cron === null) return false;
    const last = lasts.get(jobType);
    const due = new Cron(cron, { timezone: "UTC" }).nextRuns(MISSED, last ?? addMs(now, -MINUTE_MS)).at(-1);
    return due !== undefined && due < now;
  });
}
