import { Cron } from "croner";
import { latestRun } from "@/core/jobs/get-jobs";
import { JOB_TYPES, JOBS, type JobType } from "@/core/jobs/job-types";
import type { Logger } from "@/core/logger";
import { type Call, type RunnerEvent, runFunction } from "./run-function";

export type RunnerOptions = Pick<Call, "endpoint" | "token"> & {
  appId: string;
  retries: number;
  logger: Logger;
  /** Told of a run that failed after all of its retries, with the time that it was for. */
  failed(jobType: JobType, at: Date, error: unknown): Promise<void>;
};

export type LocalRunner = {
  /**
   * Runs a function for an event, at the time that the event names or as soon as one of the function's places is free.
   * Kept in memory only: whoever sends must be able to find again what a restart forgets.
   * @param key what the event is for: while one with the same waits for a place or runs, the next one is left out
   */
  send(jobType: JobType, event: RunnerEvent, key?: string): void;
  /** No new runs; those under way may end within the time given, then their calls are broken off. */
  stop(withinMs: number): Promise<void>;
};

type Asked = { event: RunnerEvent; key: string | undefined };

const FIRST_RETRY_MS = 5_000;

/**
 * Calls the functions in place of an Inngest server: at their times, and for events. Each runs at most as often at once
 * as its concurrency says. At the start each scheduled one runs for its latest tick, so that what was missed while nothing
 * ran is caught up.
 */
export function startLocalRunner({ endpoint, token, appId, retries, logger, failed }: RunnerOptions): LocalRunner {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const places = new Map<JobType, number>(JOB_TYPES.map((jobType) => [jobType, JOBS[jobType].concurrency]));
  const waiting = new Map<JobType, Asked[]>(JOB_TYPES.map((jobType) => [jobType, []]));
  /** Of what waits or runs. */
  const keys = new Map<JobType, Set<string>>(JOB_TYPES.map((jobType) => [jobType, new Set()]));
  const timers = new Set<NodeJS.Timeout>();
  let isStopping = false;

  const next = (jobType: JobType) => {
    const free = places.get(jobType) ?? 0;
    const asked = free > 0 && !isStopping ? waiting.get(jobType)?.shift() : undefined;
    if (!asked) return;
    const { event, key } = asked;
    places.set(jobType, free - 1);
    const call: Call = {
      endpoint,
      token,
      functionId: `${appId}-${jobType}`,
      event,
      retries,
      retryDelayMs: (attempt: number) => FIRST_RETRY_MS * 2 ** (attempt - 1),
      signal: stopping.signal,
    };
    const ended: Promise<void> = runFunction(call)
      .then(() => undefined)
      .catch(async (error: unknown) => {
        if (stopping.signal.aborted) return;
        logger.error({ job: jobType, error }, "a job failed");
        await failed(jobType, new Date(event.ts), error);
      })
      .catch((error: unknown) => logger.error({ job: jobType, error }, "that a job failed could not be recorded"))
      .finally(() => {
        running.delete(ended);
        if (key !== undefined) keys.get(jobType)?.delete(key);
        places.set(jobType, (places.get(jobType) ?? 0) + 1);
        next(jobType);
      });
    running.add(ended);
  };

  const start = (jobType: JobType, event: RunnerEvent, key?: string) => {
    if (key !== undefined) {
      if (keys.get(jobType)?.has(key)) return;
      keys.get(jobType)?.add(key);
    }
    waiting.get(jobType)?.push({ event, key });
    next(jobType);
  };

  /** A tick while the one before still runs is left out: that one is late, and the next one catches up. */
  const tick = (jobType: JobType, at: Date) => {
    if ((places.get(jobType) ?? 0) === 0) return;
    start(jobType, { name: "inngest/scheduled.timer", data: {}, ts: at.getTime() });
  };

  const crons = JOB_TYPES.flatMap((jobType) => {
    const { cron } = JOBS[jobType];
    if (cron === null) return [];
    const latest = latestRun(jobType, new Date());
    if (latest) tick(jobType, latest);
    return new Cron(cron, { timezone: "UTC", unref: true }, () =>
      tick(jobType, latestRun(jobType, new Date()) ?? new Date()),
    );
  });

  return {
    send(jobType, event, key) {
      if (isStopping) return;
      const delay = event.ts - Date.now();
      if (delay <= 0) return start(jobType, event, key);
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(jobType, event, key);
      }, delay).unref();
      timers.add(timer);
    },
    async stop(withinMs) {
      isStopping = true;
      for (const cron of crons) cron.stop();
      for (const timer of timers) clearTimeout(timer);
      const timer = setTimeout(() => stopping.abort(new Error("the server stops")), withinMs);
      await Promise.all(running);
      clearTimeout(timer);
    },
  };
}
