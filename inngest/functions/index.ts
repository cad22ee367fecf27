import type { Inngest } from "inngest";
import { floorTo, MINUTE_MS } from "@/core/clock";
import { JOB_TYPES, JOBS, type JobType } from "@/core/jobs/job-types";
import { runJob } from "@/core/jobs/run-job";
import { applyRetention } from "@/core/retention/apply-retention";
import { getRuntime, type Runtime } from "@/core/runtime";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { RETRIES } from "./retries";

const WORK: Readonly<Record<JobType, (runtime: Runtime) => Promise<unknown>>> = {
  "aggregate-hourly": aggregateLogsHourly,
  "aggregate-daily": aggregateLogsDaily,
  retention: (runtime) => applyRetention(runtime, runtime.config.retentionDays),
};

/** One function per scheduled job; each is a call of core, recorded as an execution. */
export const createFunctions = (client: Inngest.Any) =>
  JOB_TYPES.map((jobType) =>
    client.createFunction(
      { id: jobType, retries: RETRIES, concurrency: 1, triggers: [{ cron: JOBS[jobType].cron }] },
      async ({ event, step }) => {
        const scheduledFor = floorTo(new Date(event.ts ?? getRuntime().clock.now().getTime()), MINUTE_MS);
        return step.run("work", () => runJob(getRuntime(), jobType, scheduledFor, () => WORK[jobType](getRuntime())));
      },
    ),
  );
