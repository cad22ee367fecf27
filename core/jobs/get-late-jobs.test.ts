import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { getLateJobs } from "./get-late-jobs";
import { JOB_TYPES, JOBS } from "./job-types";
import { recordFailedCall } from "./record-failed-call";
import { runJob } from "./run-job";

const context = testDatabase("2026-03-10T12:00:00Z");
beforeEach(() => context.db.execute(sql`truncate logs.job_executions`));

const LONG_AGO = new Date("2026-03-01T00:00:00Z");
const SCHEDULED = JOB_TYPES.filter((jobType) => JOBS[jobType].cron !== null);

async function allRanAt(time: string): Promise<void> {
  context.clock.set(time);
  for (const jobType of SCHEDULED) await runJob(context, jobType, new Date(time), () => Promise.resolve(1));
}

async function lateAt(time: string, began: Date | null = LONG_AGO): Promise<string[]> {
  context.clock.set(time);
  return (await getLateJobs(context, began)).map(({ job_type }) => job_type);
}

const EVERY_MINUTE = ["check-thresholds", "seal-segments", "update-pattern-aliases"];

test("given jobs that all ran at noon, then each is late when three of its times have passed without it", async () => {
  await allRanAt("2026-03-10T12:00:00Z");
  // The third minute is not over before it is past.
  expect(await lateAt("2026-03-10T12:03:00Z")).toEqual([]);
  expect(await lateAt("2026-03-10T12:03:01Z")).toEqual(EVERY_MINUTE);
  // Every 5 minutes: 12:05, 12:10, 12:15.
  expect(await lateAt("2026-03-10T12:15:01Z")).toEqual([
    "check-thresholds",
    "seal-segments",
    "forget-commits",
    "update-pattern-aliases",
  ]);
  // At minute 2 of each hour, then minute 20.
  expect(await lateAt("2026-03-10T14:02:01Z")).toContain("aggregate-hourly");
  expect(await lateAt("2026-03-10T14:20:00Z")).not.toContain("retention");
  expect(await lateAt("2026-03-13T00:10:00Z")).not.toContain("aggregate-daily");
  expect((await lateAt("2026-03-13T03:40:01Z")).toSorted()).toEqual(SCHEDULED.toSorted());
});

test("given jobs that never ran, then they are late by when the process began, and without one nothing is known", async () => {
  const began = new Date("2026-03-10T12:00:00Z");
  expect(await lateAt("2026-03-10T12:03:00Z", began)).toEqual([]);
  expect(await lateAt("2026-03-10T12:03:01Z", began)).toEqual(EVERY_MINUTE);
  expect((await getLateJobs(context, began))[0]).toEqual({
    job_type: "check-thresholds",
    title: "Check alert thresholds and incidents",
    last_run: null,
  });
  expect(await lateAt("2026-03-10T12:03:01Z", null)).toEqual([]);
});

test("given a start after days, then each job has until its first time, and is late after it", async () => {
  await allRanAt("2026-03-10T12:00:00Z");
  const began = new Date("2026-03-20T12:00:30Z");
  expect(await lateAt("2026-03-20T12:00:59Z", began)).toEqual([]);
  expect(await lateAt("2026-03-20T12:01:01Z", began)).toEqual(EVERY_MINUTE);
  expect(await lateAt("2026-03-20T12:01:01Z", null)).toHaveLength(SCHEDULED.length);
});

test("given a run that goes on, then its job is late only after an hour, and a call that failed counts as a run", async () => {
  await context.db.execute(sql`
    insert into logs.job_executions (job_type, scheduled_for, started_at, status, created_at)
    values ('seal-segments', '2026-03-10T12:00:00Z', '2026-03-10T12:00:00Z', 'running', '2026-03-10T12:00:00Z')`);
  context.clock.set("2026-03-10T13:00:00Z");
  for (const jobType of ["check-thresholds", "update-pattern-aliases"] as const)
    await recordFailedCall(context, jobType, context.clock.now(), new Error("no answer"));
  expect(await lateAt("2026-03-10T13:02:00Z")).not.toContain("seal-segments");
  const late = await lateAt("2026-03-10T13:03:01Z");
  for (const jobType of EVERY_MINUTE) expect(late).toContain(jobType);
  expect((await getLateJobs(context, LONG_AGO)).find(({ job_type }) => job_type === "seal-segments")?.last_run).toBe(
    "2026-03-10T12:00:00.000Z",
  );
});
