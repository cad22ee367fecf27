import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { getJobs } from "./get-jobs";
import { runJob } from "./run-job";

const NOW = "2026-03-10T12:02:03.000Z";
const TICK = new Date("2026-03-10T12:02:00Z");
const context = testDatabase(NOW);

beforeEach(async () => {
  context.clock.set(NOW);
  await context.db.execute(sql`truncate logs.job_executions`);
});

test("given several instances at the same tick, then the work is done once", async () => {
  let runs = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async () => {
    runs++;
    await finished;
  };
  const attempts = Array.from({ length: 5 }, () => runJob(context, "aggregate-hourly", TICK, work));
  // The four that don't get the lock answer while the one that has it is at work; then it may finish.
  let skipped = 0;
  const outcomes = await Promise.all(
    attempts.map(async (attempt) => {
      const outcome = await attempt;
      if (outcome.status === "skipped" && ++skipped === 4) finish();
      return outcome;
    }),
  );
  expect(outcomes.filter(({ status }) => status === "success")).toHaveLength(1);
  expect(outcomes).toContainEqual({ status: "skipped", reason: "another instance is running it" });
  expect(await runJob(context, "aggregate-hourly", TICK, work)).toEqual({
    status: "skipped",
    reason: "it has run for this time already",
  });
  expect(runs).toBe(1);
});

test("given work that fails and then succeeds for the same tick, then there is one row, with the reason and then without", async () => {
  await expect(
    runJob(context, "retention", TICK, async () => {
      throw new Error("disk full");
    }),
  ).rejects.toThrow("disk full");
  expect((await getJobs(context)).failed).toMatchObject([{ job_type: "retention", error_message: "disk full" }]);
  context.clock.set("2026-03-10T12:02:10.500Z");
  await runJob(context, "retention", TICK, async () => {
    context.clock.set("2026-03-10T12:02:12.000Z");
  });
  const jobs = await getJobs(context);
  expect(jobs.failed).toEqual([]);
  expect(jobs.recent).toMatchObject([
    {
      job_type: "retention",
      status: "success",
      scheduled_for: TICK.toISOString(),
      duration_ms: 1_500,
      error_message: null,
    },
  ]);
});

test("given a run whose process was killed, when the next tick runs, then the old one is recorded as failed", async () => {
  await context.db.execute(sql`
    insert into logs.job_executions (job_type, scheduled_for, started_at, status, created_at)
    values ('retention', '2026-03-10T11:20:00Z', '2026-03-10T11:20:00Z', 'running', '2026-03-10T11:20:00Z')`);
  await runJob(context, "retention", TICK, async () => undefined);
  expect((await getJobs(context)).recent.map(({ status, error_message }) => [status, error_message])).toEqual([
    ["success", null],
    ["failed", "the process ended before the job did"],
  ]);
});

test("given runs of several types, then the jobs are told by type, with their next time", async () => {
  await runJob(context, "aggregate-daily", TICK, async () => undefined);
  const { by_type } = await getJobs(context);
  expect(by_type.map(({ job_type, runs, failed, next_run }) => [job_type, runs, failed, next_run])).toEqual([
    ["aggregate-hourly", 0, 0, "2026-03-10T13:02:00.000Z"],
    ["aggregate-daily", 1, 0, "2026-03-11T00:10:00.000Z"],
    ["retention", 0, 0, "2026-03-10T12:20:00.000Z"],
    ["check-thresholds", 0, 0, "2026-03-10T12:03:00.000Z"],
    ["deliver-alert", 0, 0, null],
    ["seal-segments", 0, 0, "2026-03-10T12:03:00.000Z"],
    ["forget-commits", 0, 0, "2026-03-10T12:05:00.000Z"],
    ["update-pattern-aliases", 0, 0, "2026-03-10T12:03:00.000Z"],
    ["verify-segments", 0, 0, "2026-03-11T03:40:00.000Z"],
  ]);
});
