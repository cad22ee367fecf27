import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { getFailingJobs } from "./get-failing-jobs";
import type { JobType } from "./job-types";
import { recordFailedCall } from "./record-failed-call";
import { runJob } from "./run-job";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const context = testDatabase("2026-03-10T12:00:00Z");
beforeEach(() => context.db.execute(sql`truncate logs.job_executions`));

const tick = (minute: number) => new Date(NOW + minute * 60_000);
const fails = (jobType: JobType, minute: number) =>
  runJob(context, jobType, tick(minute), () => Promise.reject(new Error(`broken ${minute}`))).catch(() => undefined);
const succeeds = (jobType: JobType, minute: number) => runJob(context, jobType, tick(minute), () => Promise.resolve(1));

const failing = async () => (await getFailingJobs(context)).map(({ job_type, error }) => [job_type, error]);

test("given a job that failed twice, then three times, then succeeded, then only in between it is told, with the latest reason", async () => {
  await succeeds("check-thresholds", 0);
  await fails("check-thresholds", 1);
  await fails("check-thresholds", 2);
  expect(await failing()).toEqual([]);
  await fails("check-thresholds", 3);
  expect(await failing()).toEqual([["check-thresholds", "broken 3"]]);
  await succeeds("check-thresholds", 4);
  expect(await failing()).toEqual([]);
});

test("given a job of each day, then one failure is told", async () => {
  await fails("aggregate-daily", 0);
  expect(await failing()).toEqual([["aggregate-daily", "broken 0"]]);
});

test("given functions that can't be called, then that is recorded once a tick and told, and never hides what ran", async () => {
  await succeeds("retention", 0);
  for (const minute of [0, 1, 2, 3, 3])
    await recordFailedCall(context, "retention", tick(minute), new Error("no answer"));
  await recordFailedCall(context, "deliver-alert", tick(0), new Error("no answer"));
  expect(await failing()).toEqual([["retention", "no answer"]]);
  const { rows } = await context.db.execute(sql`
    select status, count(*)::int from logs.job_executions group by status order by status`);
  expect(rows).toEqual([
    { status: "failed", count: 3 },
    { status: "success", count: 1 },
  ]);
});
