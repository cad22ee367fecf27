import { Cron } from "croner";
import { latestRun } from "@/core/jobs/get-jobs";
import { JOB_TYPES, JOBS, type JobType } from "@/core/jobs/job-types";
import type { Logger } from "@/core/logger";
import { type Call, runFunction } from "./run-function";

export type RunnerOptions = Pick<Call, "endpoint" | "token"> & { appId: string; retries: number; logger: Logger };

export type LocalRunner = {
  /** No new runs; those under way may end within the time given, then their calls are broken off. */
  stop(withinMs: number): Promise<void>;
};

const FIRST_RETRY_MS = 5_000;

/**
 * Calls the scheduled functions at their times, in place of an Inngest server. Each function runs once at a time; at the
 * start each runs for its latest tick, so that what was missed while nothing ran is caught up.
 */
export function startLocalRunner({ endpoint, token, appId, retries, logger }: RunnerOptions): LocalRunner {
  const stopping = new AbortController();
  const running = new Map<JobType, Promise<void>>();

  const run = (jobType: JobType, tick: Date) => {
    if (running.has(jobType)) return;
    const call = {
      endpoint,
      token,
      functionId: `${appId}-${jobType}`,
      eventMs: tick.getTime(),
      retries,
      retryDelayMs: (attempt: number) => FIRST_RETRY_MS * 2 ** (attempt - 1),
      signal: stopping.signal,
    };
    const ended = runFunction(call)
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) logger.error({ job: jobType, error: String(error) }, "a scheduled job failed");
      })
      .finally(() => running.delete(jobType));
    running.set(jobType, ended);
  };

  const crons = JOB_TYPES.map(
    (jobType) =>
      new Cron(JOBS[jobType].cron, { timezone: "UTC", unref: true }, () =>
        run(jobType, latestRun(jobType, new Date()) ?? new Date()),
      ),
  );
  for (const jobType of JOB_TYPES) {
    const tick = latestRun(jobType, new Date());
    if (tick) run(jobType, tick);
  }

  return {
    async stop(withinMs) {
      for (const cron of crons) cron.stop();
      const timer = setTimeout(() => stopping.abort(new Error("the server stops")), withinMs);
      await Promise.all(running.values());
      clearTimeout(timer);
    },
  };
}
