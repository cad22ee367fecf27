import type { Inngest } from "inngest";
import { checkThresholds } from "@/core/alerts/check-thresholds";
import { listDueDeliveries } from "@/core/alerts/delivery/outbox";
import { floorTo, MINUTE_MS } from "@/core/clock";
import { JOB_TYPES, JOBS, type JobType } from "@/core/jobs/job-types";
import { runJob } from "@/core/jobs/run-job";
import { updatePatternAliases } from "@/core/patterns/update-pattern-aliases";
import { forgetCommits } from "@/core/realtime/commits";
import { runRetention } from "@/core/retention/run-retention";
import { getRuntime, type Runtime } from "@/core/runtime";
import { sealSegments } from "@/core/segments/seal-segments";
import { verifyDueSegments } from "@/core/segments/verify-due-segments";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { aggregateLogsHourly } from "@/core/stats/aggregate-logs-hourly";
import { RETRIES } from "./retries";

const WORK: Readonly<Record<Exclude<JobType, "deliver-alert">, (runtime: Runtime) => Promise<unknown>>> = {
  "aggregate-hourly": aggregateLogsHourly,
  "aggregate-daily": aggregateLogsDaily,
  retention: async (runtime) => runRetention(runtime, await runtime.settings.retentionPlan()),
  "check-thresholds": checkAndSweep,
  "seal-segments": sealInTime,
  "forget-commits": forgetCommits,
  "update-pattern-aliases": updatePatternAliases,
  "verify-segments": verifyDueSegments,
};

async function sealInTime(runtime: Runtime) {
  const { sealSoon } = runtime;
  const pace = { isBusy: () => sealSoon.isBusy, sealed: () => undefined };
  return sealSegments(runtime, await runtime.settings.maxDiskBytes(), pace);
}

/** Also asks for the deliveries that nobody sends: those of a process that died, and those whose next attempt is due. */
async function checkAndSweep(runtime: Runtime): Promise<{ violations: number; due_deliveries: number }> {
  const { total: violations } = await checkThresholds(runtime);
  const due = await listDueDeliveries(runtime);
  runtime.outbox.request(due);
  return { violations, due_deliveries: due.length };
}

/** One function per scheduled job; each is a call of core, recorded as an execution. */
export const scheduledJobs = (client: Inngest.Any) =>
  JOB_TYPES.flatMap((jobType) => {
    const { cron, concurrency } = JOBS[jobType];
    if (jobType === "deliver-alert" || cron === null) return [];
    return client.createFunction(
      { id: jobType, retries: RETRIES, concurrency, triggers: [{ cron }] },
      async ({ event, step }) => {
        const scheduledFor = floorTo(new Date(event.ts ?? getRuntime().clock.now().getTime()), MINUTE_MS);
        return step.run("work", () => runJob(getRuntime(), jobType, scheduledFor, () => WORK[jobType](getRuntime())));
      },
    );
  });
